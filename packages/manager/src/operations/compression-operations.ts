import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { LanguageModel, LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import { refuseArchived } from '@arawn/engine/workstream-decisions'
import type { CompressionSettings } from '../compression/compression-settings.js'
import type { Compressor } from '../compression/compressor.js'
import type { Fact, ListedSummary } from '../compression-report.js'
import { usedSummaries } from '../context/read-material.js'
import type { WorkstreamManager } from '../workstream-manager.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'compress' | 'compressDue' | 'listSummaries' | 'listFacts'>

export function createCompressionOperations(
  { index, read, ask }: Desk,
  {
    models,
    compressor,
    settings,
    logger,
  }: { models: LanguageModels; compressor: Compressor; settings: CompressionSettings; logger: Logger },
): { operations: Operations; afterTurn(workstreamId: WorkstreamId, signal: AbortSignal): Promise<void> } {
  /** The last stamp at which there was nothing to do: it is looked at again when something has happened. */
  const doneAt = new Map<WorkstreamId, number>()
  const lookedAt = new Map<WorkstreamId, { sessionId: SessionId; messages: number }>()

  /** A model that cannot be opened is one that failed: code does its work. */
  async function modelOf(name: string | null): Promise<LanguageModel | null> {
    if (name === null) return null
    try {
      return await models.open(name)
    } catch (error) {
      logger.warn('the model for compression cannot be used', { model: name, problem: String(error) })
      return null
    }
  }

  async function summariesOf(reference: string): Promise<ListedSummary[]> {
    return read(reference, async ({ id }) => {
      const used = await usedSummaries(index, id)
      return (await index.summaries(id)).map((summary) => ({ ...summary, isUsed: used.has(summary.id) }))
    })
  }

  /** A session that goes on is looked at now and then: what came since must be worth a summary. */
  async function lookAtActive(workstreamId: WorkstreamId, signal: AbortSignal): Promise<void> {
    const session = await ask(() => index.activeSession(workstreamId))
    const seen = lookedAt.get(workstreamId)
    const grown = (session?.message_count ?? 0) - (seen?.sessionId === session?.id ? (seen?.messages ?? 0) : 0)
    if (session === undefined || grown < LOOK_AFTER_MESSAGES) return
    lookedAt.set(workstreamId, { sessionId: session.id, messages: session.message_count })
    const model = await modelOf(settings.model)
    // What code does takes no time worth stopping it for.
    await compressor.compress(workstreamId, { why: 'turn_end', model, ...(model !== null && { signal }) })
  }

  const operations: Operations = {
    compress: async (reference, { session, model, dryRun, onProgress, signal } = {}) => {
      const workstream = await read(reference, async (found) => found)
      refuseArchived(workstream)
      const chosen = model === undefined ? await modelOf(settings.model) : await models.open(model)
      const why = 'manual' as const
      return compressor.compress(workstream.id, { why, sessionId: session, model: chosen, dryRun, onProgress, signal })
    },

    compressDue: async ({ withinMs = Number.POSITIVE_INFINITY, signal } = {}) => {
      if (!settings.enabled) return 0
      const endMs = performance.now() + withinMs
      const lastStamp = await ask(() => index.lastStamp())
      const uncompressed = (await ask(() => index.workstreamsToCompress(settings.minMessages))).filter(
        (id) => doneAt.get(id) !== lastStamp && !compressor.isHeldUp(),
      )
      const due = [...new Set([...uncompressed, ...(await compressor.batchesDue())])]
      const model = due.length === 0 ? null : await modelOf(settings.model)
      let made = 0
      const worker = async () => {
        for (let id = due.shift(); id !== undefined; id = due.shift()) {
          if (signal?.aborted === true || performance.now() > endMs) return
          // Not added to what it was before the wait: others add to it meanwhile.
          const report = await compressor.compress(id, { why: 'startup', model, signal })
          made += report.made.length
          if (!compressor.isHeldUp()) doneAt.set(id, await index.lastStamp())
        }
      }
      await Promise.all(Array.from({ length: settings.concurrency }, worker))
      return made
    },

    listSummaries: async (reference, { session, all = false } = {}) =>
      (await summariesOf(reference)).filter(
        ({ isUsed, session_id }) => (all || isUsed) && (session === undefined || session_id === session),
      ),

    listFacts: async (reference) => {
      const facts = new Map<string, Fact>()
      for (const { facts: texts = [], id, session_id, timestamp } of await summariesOf(reference))
        for (const text of texts)
          if (!facts.has(text)) facts.set(text, { text, summary_id: id, session_id, timestamp: String(timestamp) })
      return [...facts.values()]
    },
  }

  return {
    operations,
    afterTurn: async (workstreamId, signal) => {
      try {
        if (settings.enabled) await lookAtActive(workstreamId, signal)
      } catch (error) {
        const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
        logger.warn('a session could not be compressed', { workstreamId, code })
      }
    },
  }
}

const LOOK_AFTER_MESSAGES = 10
