import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Clock } from '@arawn/core/clock'
import type { Embedders } from '@arawn/core/embedder'
import type { FileSystem } from '@arawn/core/file-system'
import { type IdSource, typeIds } from '@arawn/core/id'
import type { LanguageModels } from '@arawn/core/language-model'
import type { LogName } from '@arawn/core/record'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openRunLocks } from '@arawn/jsonl-store/run-locks'
import {
  createWorkstreamManager,
  type LocalWorkstreamManager,
  type ManagerPolicy,
} from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { createFixedClock, type FixedClock } from '@arawn/testkit/fixed-clock'
import { createRecordingLogger, type RecordingLogger } from '@arawn/testkit/recording-logger'
import { fourCharacters } from '@arawn/testkit/scripted-model'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { onTestFinished } from 'vitest'

export interface DataDir {
  readonly root: string
  readonly workstreamsDir: string
  readonly quarantineDir: string
  readonly trashDir: string
  readonly indexPath: string
  readonly clock: FixedClock
  readonly logger: RecordingLogger
  /** One more handle on it, as another process would have. */
  open(options?: OpenOptions): Promise<LocalWorkstreamManager>
  folder(workstreamId: string): string
  /** The path of a log. */
  log(workstreamId: string, log: LogName): string
  /** Adds to a log past every handle, as a person with an editor does. Creates the folder. */
  appendByHand(workstreamId: string, log: LogName, bytes: string | Uint8Array): void
  writeByHand(workstreamId: string, log: LogName, bytes: string | Uint8Array): void
  bytesOf(workstreamId: string, log: LogName): string
  recordsOf(workstreamId: string, log: LogName): Record<string, unknown>[]
  /** Every log with its bytes. */
  snapshot(): Record<string, string>
  /** Names of the pieces kept from torn tails. */
  quarantined(): string[]
  /** Closes everything that was opened and deletes the directory. */
  dispose(): Promise<void>
}

export interface OpenOptions {
  readonly clock?: Clock
  readonly ids?: IdSource
  readonly fileSystem?: FileSystem
  readonly durability?: 'strict' | 'relaxed'
  readonly sessionTimeoutMs?: number
  readonly models?: LanguageModels
  readonly embedders?: Embedders
  readonly compression?: ManagerPolicy['compression']
  readonly context?: ManagerPolicy['context']
  readonly recall?: ManagerPolicy['recall']
  readonly analyzer?: TextAnalyzer
  readonly analysisWorker?: URL
}

/** A data dir for one test; it is gone when the test ends. */
export function testDir(): DataDir {
  const dir = createDataDir()
  onTestFinished(() => dir.dispose())
  return dir
}

/** A data dir for one test, and a handle on it. */
export async function opened(): Promise<{ dir: DataDir; manager: LocalWorkstreamManager }> {
  const dir = testDir()
  return { dir, manager: await dir.open() }
}

/** A data dir for one run of a property, which disposes of it itself. */
export function createDataDir(): DataDir {
  const temp = makeTempDir()
  const root = temp.path
  const handles: LocalWorkstreamManager[] = []
  const workstreamsDir = path.join(root, 'workstreams')
  const quarantineDir = path.join(root, 'quarantine')
  const trashDir = path.join(root, 'trash')
  const runDir = path.join(root, 'run')
  const indexPath = path.join(root, 'index.db')
  const sharedClock = createFixedClock()
  const logger = createRecordingLogger()
  const folder = (workstreamId: string) => path.join(workstreamsDir, workstreamId)
  const log = (workstreamId: string, name: LogName) => path.join(folder(workstreamId), `${name}.jsonl`)
  const bytesOf = (workstreamId: string, name: LogName) => readFileSync(log(workstreamId, name), 'utf8')

  return {
    root,
    workstreamsDir,
    quarantineDir,
    trashDir,
    indexPath,
    clock: sharedClock,
    logger,
    folder,
    log,
    bytesOf,
    async open({
      clock = sharedClock,
      ids = typeIds,
      fileSystem,
      durability = 'strict',
      sessionTimeoutMs = 30 * 60_000,
      models,
      embedders,
      analyzer,
      analysisWorker,
      compression,
      context,
      recall,
    } = {}) {
      const manager = createWorkstreamManager(
        {
          log: await openJsonlLogStore(
            { workstreamsDir, quarantineDir, trashDir, clock, logger, ...(fileSystem && { fileSystem }) },
            { durability },
          ),
          index: await openSqliteIndex({ path: indexPath, logger }),
          clock,
          ids,
          logger,
          ...(models && {
            turns: { models, embedders, owners: openRunLocks({ directory: runDir, ids }), counter: fourCharacters },
          }),
          analyzer,
          analysisWorker,
        },
        { sessionTimeoutMs, lockTimeoutMs: 20_000, compression, context, recall },
      )
      handles.push(manager)
      return manager
    },
    appendByHand(workstreamId, name, bytes) {
      mkdirSync(folder(workstreamId), { recursive: true })
      appendFileSync(log(workstreamId, name), bytes)
    },
    writeByHand(workstreamId, name, bytes) {
      mkdirSync(folder(workstreamId), { recursive: true })
      writeFileSync(log(workstreamId, name), bytes)
    },
    recordsOf: (workstreamId, name) =>
      bytesOf(workstreamId, name)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    snapshot() {
      if (!existsSync(workstreamsDir)) return {}
      const names = readdirSync(workstreamsDir, { recursive: true, encoding: 'utf8' }).sort()
      const logs = names.filter((name) => name.endsWith('.jsonl'))
      return Object.fromEntries(logs.map((name) => [name, readFileSync(path.join(workstreamsDir, name), 'latin1')]))
    },
    quarantined: () => (existsSync(quarantineDir) ? readdirSync(quarantineDir).sort() : []),
    async dispose() {
      await Promise.all(handles.map((handle) => handle.close()))
      temp.dispose()
    },
  }
}
