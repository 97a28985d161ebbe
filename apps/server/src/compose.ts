import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Settings } from '@arawn/config/load-settings'
import { systemClock } from '@arawn/core/clock'
import type { Embedders } from '@arawn/core/embedder'
import { typeIds } from '@arawn/core/id'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openRunLocks } from '@arawn/jsonl-store/run-locks'
import { createTokenCounter } from '@arawn/llm/token-counters'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'

// A call waits for others this long before it gives up: longer than any commit, shorter than a person's patience.
const LOCK_TIMEOUT_MS = 15_000

/** Keys of models, and where their providers are. */
type Environment = Readonly<Record<string, string | undefined>>

/** With `openModels` the only place that names adapters: the server and the command line both open a data dir here. */
export async function openManager(settings: Settings, env: Environment, logger: Logger): Promise<WorkstreamManager> {
  const { dataDir, workstreams, context, compression } = settings
  const log = await openJsonlLogStore(
    {
      workstreamsDir: workstreams.storagePath,
      quarantineDir: join(dataDir, 'quarantine'),
      trashDir: trashBeside(workstreams.storagePath, dataDir),
      logger,
    },
    { durability: workstreams.durability },
  )
  const index = await openSqliteIndex({ path: join(dataDir, 'index.db'), logger }).catch(async (error: unknown) => {
    await log.close()
    throw error
  })
  const turns = {
    models: openModels(settings, env, logger),
    embedders: openEmbeddersOf(settings, env, logger),
    owners: openRunLocks({ directory: join(dataDir, 'run'), ids: typeIds }),
    counter: createTokenCounter('estimate'),
  }
  const { maxHistory, contextWindow } = workstreams
  return createWorkstreamManager(
    { log, index, clock: systemClock, ids: typeIds, logger, turns, analysisWorker: analysisWorker() },
    {
      sessionTimeoutMs: workstreams.sessionTimeoutMinutes * 60_000,
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      compression: { ...compression, maxHistory, contextWindow },
      context: {
        summaryShare: context.summaryShare,
        echoShare: context.recalledShare,
        maxEchoTokens: context.recalledTokens,
        recentShare: context.recentShare,
      },
      recall: {
        expansionModel: context.expansionModel,
        embeddingModel: context.embeddingModel,
        timeoutMs: context.recallTimeoutMs,
      },
    },
  )
}

/**
 * What a thread runs that helps to build an index anew. The command line is one program, which has it in a file of its own
 * one folder up from its modules (tsup.config.ts there); else it lies in its package.
 */
function analysisWorker(): URL | undefined {
  const bundled = new URL('../analysis-worker.js', import.meta.url)
  if (existsSync(bundled)) return bundled
  try {
    return new URL(import.meta.resolve('@arawn/manager/analysis-worker'))
  } catch {
    // Somebody else's bundle: it takes longer without.
    return undefined
  }
}

/** The embedders of the settings, of the same profiles; loaded with the first question, too. */
function openEmbeddersOf({ llm }: Settings, env: Environment, logger: Logger): Embedders {
  return {
    open: async (name) => {
      const { openEmbedders } = await import('@arawn/llm/open-embedders')
      const idleTimeoutMs = llm.idleTimeoutSeconds * 1_000
      return openEmbedders({ profiles: llm.profiles, env, idleTimeoutMs, logger }).open(name)
    },
  }
}

/** The models of the settings. Most commands ask none: what is needed to ask is loaded with the first question. */
export function openModels({ llm }: Settings, env: Environment, logger?: Logger): LanguageModels {
  let opened: Promise<LanguageModels> | undefined
  const models = () => {
    opened ??= import('@arawn/llm/open-language-models').then(({ openLanguageModels }) =>
      openLanguageModels({
        profiles: llm.profiles,
        defaultProfile: llm.defaultProfile,
        env,
        idleTimeoutMs: llm.idleTimeoutSeconds * 1_000,
        logger,
      }),
    )
    return opened
  }
  return {
    open: async (name) => (await models()).open(name),
    list: async () => (await models()).list(),
  }
}

/** A folder is moved to the trash in one piece, so both lie on one file system: that of the logs. */
function trashBeside(storagePath: string, dataDir: string): string {
  const isInDataDir = dirname(resolve(storagePath)) === resolve(dataDir)
  return isInDataDir ? join(dataDir, 'trash') : join(storagePath, '.trash')
}
