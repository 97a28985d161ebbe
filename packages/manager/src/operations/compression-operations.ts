import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { LanguageModel, LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { Fact, ListedSummary } from '@arawn/core/memory-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { refuseArchived } from '@arawn/engine/workstream-decisions'
import type { CompressionSettings } from '../compression/compression-settings.js'
import type { Compressor } from '../compression/compressor.js'
import { createDueWorkstreams } from '../compression/due-workstreams.js'
import { usedSummaries } from '../context/read-material.js'
import { findSession } from '../reading/find-session.js'
import type { Desk } from './desk.js'

type Operations = Pick<
  WorkstreamManager,
  'compress' | 'compressDue' | 'watchCompressions' | 'listSummaries' | 'listFacts'
>

export function createCompressionOperations(
  { index, clock, read, ask }: Desk,
  {
    models,
    compressor,
    settings,
    logger,
  }: { models: LanguageModels; compressor: Compressor; settings: CompressionSettings; logger: Logger },
): { operations: Operations; afterTurn(workstreamId: WorkstreamId, signal: AbortSignal): Promise<void> } {
  const due = createDueWorkstreams({ index, clock, compressor }, settings)

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

  async function summariesOf(reference: string, session?: SessionId): Promise<ListedSummary[]> {
    return read(reference, async ({ id }) => {
      if (session !== undefined) await findSession(index, id, session)
      const used = await usedSummaries(index, id)
      return (await index.summaries(id)).map((summary) => ({ ...summary, isUsed: used.has(summary.id) }))
    })
  }

  /** A session that goes on is looked at now and then. */
  async function lookAtActive(workstreamId: WorkstreamId, signal: AbortSignal): Promise<void> {
    const session = await ask(() => index.activeSession(workstreamId))
    if (session === undefined) return
    if (!due.hasGrown({ workstreamId, id: session.id, messageCount: session.message_count })) return
    const model = await modelOf(settings.model)
    // What code does takes no time worth stopping it for.
    await compressor.compress(workstreamId, { why: 'turn_end', model, ...(model !== null && { signal }) })
  }

  const operations: Operations = {
    compress: async (reference, { session, model, dryRun, onProgress, signal } = {}) => {
      const workstream = await read(reference, async (found) => {
        // One that is not there would be one with nothing to do.
        if (session !== undefined) await findSession(index, found.id, session)
        return found
      })
      refuseArchived(workstream)
      const chosen = model === undefined ? await modelOf(settings.model) : await models.open(model)
      const why = 'manual' as const
      return compressor.compress(workstream.id, { why, sessionId: session, model: chosen, dryRun, onProgress, signal })
    },

    compressDue: async ({ withinMs = Number.POSITIVE_INFINITY, signal } = {}) => {
      if (!settings.enabled) return 0
      const endMs = performance.now() + withinMs
      const places = await ask(() => due.list())
      const model = places.length === 0 ? null : await modelOf(settings.model)
      let made = 0
      const worker = async () => {
        for (let place = places.shift(); place !== undefined; place = places.shift()) {
          if (signal?.aborted === true || performance.now() > endMs) return
          const { id, why, look } = place
          // Not added to what it was before the wait: others add to it meanwhile.
          const more = await look(() => compressor.compress(id, { why, model, signal }))
          made += more
        }
      }
      await Promise.all(Array.from({ length: settings.concurrency }, worker))
      return made
    },

    watchCompressions: compressor.watch,

    listSummaries: async (reference, { session, all = false } = {}) =>
      (await summariesOf(reference, session)).filter(
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
