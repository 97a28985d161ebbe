import type { SessionId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { IndexReader, Promotion, WorkstreamIndex } from '@arawn/core/workstream-index'
import { covers } from '@arawn/engine/coverage'
import { decideCopies, decidePromotionEnd } from '@arawn/engine/promotion-decisions'
import { type ActiveSession, activeSession } from '@arawn/engine/session-decisions'
import type { CommitQueue } from '../commit/commit-queue.js'
import { readMessages } from '../reading/read-messages.js'

/** Does what is left to do of a promotion that was started. May be called by several at once, and again. */
export type CompletePromotion = (promotion: Promotion) => Promise<void>

// One commit takes this many messages: other writers get their turn between two of them.
const BATCH_MESSAGES = 200

export function createCompletePromotion({
  index,
  log,
  queue,
}: {
  index: WorkstreamIndex
  log: LogStore
  queue: CommitQueue
}): CompletePromotion {
  async function* copiesOf({ workstream_id: workstreamId, coverage }: Promotion): AsyncGenerator<Message[]> {
    for (const [first, last] of coverage) {
      for (let after = first - 1; after < last; ) {
        const page = await index.messages({ workstreamId, after, limit: BATCH_MESSAGES, includePromoted: true })
        const positions = page.items.filter(({ sequence }) => sequence <= last)
        if (positions.length === 0) break
        yield await readMessages(log, workstreamId, positions)
        after = positions.at(-1)?.sequence ?? last
      }
    }
  }

  /** An archived target takes them all the same: it was none when the promotion began. */
  async function copy(
    { target_id: targetId, target_title: targetTitle }: Promotion,
    messages: Message[],
  ): Promise<void> {
    await queue.commit({
      workstreamId: targetId,
      decide: async ({ context, standing, rows }) => {
        const { workstream: target } = await standing()
        const reader = await rows()
        const missing: Message[] = []
        for (const message of messages)
          if ((await reader.message(targetId, message.id)) === undefined) missing.push(message)
        const sessions = new Set<SessionId>()
        for (const { session_id } of missing)
          if ((await reader.session(targetId, session_id)) !== undefined) sessions.add(session_id)
        return {
          records: decideCopies({ targetId, targetTitle, target, sessions }, missing, context),
          answer: () => {},
        }
      },
    })
  }

  async function end({ workstream_id: workstreamId, id, coverage }: Promotion): Promise<void> {
    await queue.commit({
      workstreamId,
      decide: async ({ context, rows }) => {
        const reader = await rows()
        const promotion = await reader.promotion(workstreamId, id)
        if (promotion === undefined || promotion.completed) return { records: [], answer: () => {} }
        const emptied = await emptiedSession(reader, workstreamId, (sequence) => covers(coverage, sequence))
        return { records: decidePromotionEnd(id, emptied, context), answer: () => {} }
      },
    })
  }

  return async (promotion) => {
    if (promotion.completed) return
    for await (const messages of copiesOf(promotion)) await copy(promotion, messages)
    await end(promotion)
    await queue.settled()
  }
}

/** The active session, when all that is shown of it is moved. */
async function emptiedSession(
  reader: IndexReader,
  workstreamId: string,
  isMoved: (sequence: number) => boolean,
): Promise<ActiveSession | undefined> {
  const active = await reader.activeSession(workstreamId)
  if (active === undefined) return undefined
  const shown = await reader.visibleSequences(workstreamId, { sessionId: active.id })
  return shown.length > 0 && shown.every(isMoved) ? activeSession(active) : undefined
}
