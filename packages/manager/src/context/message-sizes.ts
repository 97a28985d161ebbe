import type { WorkstreamId } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { SizedMessage } from '@arawn/engine/context'
import { countedText } from '@arawn/engine/counted-text'
import { type CachePorts, keepInCache } from '../index-care/keep-in-cache.js'

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

export function createMessageSizes(ports: CachePorts): MessageSizes {
  let keeping: Promise<void> = Promise.resolve()

  function keep(workstreamId: WorkstreamId, counter: string, fresh: ReadonlyMap<number, number>): Promise<void> {
    return keepInCache(ports, 'token counts were not kept', (transaction) =>
      transaction.keepTokenCounts(workstreamId, counter, fresh),
    )
  }

  return {
    sizesOf: async (workstreamId, counter, messages) => {
      if (messages.length === 0) return []
      const sequences = messages.map(({ sequence }) => sequence)
      const known = await ports.index.tokenCounts(workstreamId, counter.name, sequences)
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
