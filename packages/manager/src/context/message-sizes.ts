import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Logger } from '@arawn/core/logger'
import type { Message } from '@arawn/core/message'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import type { SizedMessage } from '@arawn/engine/context'
import { countedText } from '@arawn/engine/counted-text'
import { writeRows } from '../index-care/write-rows.js'

/** Tokens of messages. Each is counted once: the index keeps the counts, for every process. */
export interface MessageSizes {
  /** @param messages of one workstream, ascending */
  sizesOf(
    workstreamId: WorkstreamId,
    counter: TokenCounter,
    messages: readonly Message[],
  ): Promise<readonly SizedMessage[]>
  /** Resolves when what was counted is kept, or could not be. */
  settled(): Promise<void>
}

// Nothing waits for it, and without it the same is only counted again.
const LOCK_TIMEOUT_MS = 1_000

export function createMessageSizes({
  log,
  index,
  logger,
}: {
  log: LogStore
  index: WorkstreamIndex
  logger: Logger
}): MessageSizes {
  let keeping: Promise<void> = Promise.resolve()

  async function keep(workstreamId: WorkstreamId, counter: string, fresh: ReadonlyMap<number, number>): Promise<void> {
    try {
      await writeRows({ log, index }, LOCK_TIMEOUT_MS, (transaction) =>
        transaction.keepTokenCounts(workstreamId, counter, fresh),
      )
    } catch (error) {
      logger.warn('token counts were not kept', { code: error instanceof WorkstreamError ? error.code : 'INTERNAL' })
    }
  }

  return {
    sizesOf: async (workstreamId, counter, messages) => {
      if (messages.length === 0) return []
      const sequences = messages.map(({ sequence }) => sequence)
      const known = await index.tokenCounts(workstreamId, counter.name, sequences)
      const missing = messages.filter(({ sequence }) => !known.has(sequence))
      const counted = await counter.count(missing.map(countedText))
      const fresh = new Map(missing.map(({ sequence }, at) => [sequence, counted[at] ?? 0]))
      if (fresh.size > 0) keeping = keeping.then(() => keep(workstreamId, counter.name, fresh))
      return messages.map((message) => ({
        ...message,
        tokens: known.get(message.sequence) ?? fresh.get(message.sequence) ?? 0,
      }))
    },
    settled: () => keeping,
  }
}
