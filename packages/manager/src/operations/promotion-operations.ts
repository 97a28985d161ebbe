import { WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { PromoteInput } from '@arawn/core/message-operations'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { decidePromotionStart } from '@arawn/engine/promotion-decisions'
import { workstreamBusy } from '@arawn/engine/turn-decisions'
import { refuseArchived } from '@arawn/engine/workstream-decisions'
import { readRecord } from '../idempotency/first-answer.js'
import { replayed } from '../idempotency/replays.js'
import { findRepeated, requestKey } from '../idempotency/request-key.js'
import { promoteSchema } from '../input/input-schemas.js'
import { invalidInput, parseInput } from '../input/parse-input.js'
import type { FinishPromotion } from '../promotion/finish-promotion.js'
import { unmoved } from '../promotion/unmoved.js'
import { findSession } from '../reading/find-session.js'
import { sequenceOf } from '../reading/read-messages.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { TurnLog } from '../turn/turn-log.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'promote'>

export function createPromotionOperations(
  { index, log, ids, queue, ask, read }: Desk,
  { finish, endIfDead }: { finish: FinishPromotion; endIfDead: TurnLog['endIfDead'] },
): Operations {
  /** Journals what is to be moved, and where to. From here on it will be moved, whatever dies. */
  async function start(
    input: PromoteInput,
    target: { id: WorkstreamId; isNew: boolean },
  ): Promise<{ id: string; isRepeat: boolean }> {
    const { idempotency_key, ...asked } = input
    const idempotency = requestKey(idempotency_key, 'promote', asked)
    return queue.commit<{ id: string; isRepeat: boolean }>({
      workstreamId: SCRATCH_ID,
      once: idempotency_key,
      decide: async ({ context, rows }) => {
        const reader = await rows()
        const repeated = await findRepeated(reader, SCRATCH_ID, idempotency)
        if (repeated !== undefined) {
          const record = await readRecord(log, SCRATCH_ID, repeated.log, repeated.sequence)
          const first = record?.type === 'promotion_started' ? record.id : ''
          return { records: [], answer: () => ({ id: first, isRepeat: true }) }
        }
        const running = await reader.runningTurn(SCRATCH_ID)
        if (running !== undefined) throw workstreamBusy(running)
        if (!target.isNew) {
          const workstream = await reader.workstream(target.id)
          if (workstream === undefined) throw workstreamNotFound(target.id)
          refuseArchived(workstream)
        }
        const decided = decidePromotionStart(
          {
            targetId: target.id,
            targetTitle: target.isNew ? (input.title ?? undefined) : undefined,
            sequences: await unmoved(reader, await chosen(reader, input)),
            idempotency,
          },
          context,
        )
        return { records: decided.records, answer: () => ({ id: decided.id, isRepeat: false }) }
      },
    })
  }

  async function chosen(reader: IndexReader, { session, messages }: PromoteInput): Promise<number[]> {
    if (messages !== undefined) {
      const first = await sequenceOf(reader, SCRATCH_ID, messages.first)
      const last = await sequenceOf(reader, SCRATCH_ID, messages.last)
      return reader.visibleSequences(SCRATCH_ID, { first, last })
    }
    const found =
      session === undefined ? await reader.activeSession(SCRATCH_ID) : await findSession(reader, SCRATCH_ID, session)
    if (found !== undefined) return reader.visibleSequences(SCRATCH_ID, { sessionId: found.id })
    throw new WorkstreamError('SESSION_NOT_ACTIVE', 'scratch has no active session; say which messages to move', {
      workstreamId: SCRATCH_ID,
      sessionId: null,
    })
  }

  return {
    promote: async (input) => {
      const parsed = parseInput(promoteSchema, input)
      const into = parsed.into === undefined ? undefined : await read(parsed.into, async ({ id }) => id)
      if (into === SCRATCH_ID) throw invalidInput('into', 'scratch is where they are')
      const running = await ask(() => index.runningTurn(SCRATCH_ID))
      if (running !== undefined) await endIfDead(running)
      const { id, isRepeat } = await start(parsed, { id: into ?? ids.next('ws'), isNew: into === undefined })
      const report = await finish(id)
      return isRepeat ? replayed(report) : report
    },
  }
}
