import { WorkstreamError } from '@arawn/core/error'
import { type InteractionId, SCRATCH_ID, type SessionId, type WorkstreamId } from '@arawn/core/id'
import type { Idempotency, Message } from '@arawn/core/message'
import type { Turn } from '@arawn/core/turn'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { NewMessage } from '@arawn/engine/message-decisions'
import { decidePromotionStart } from '@arawn/engine/promotion-decisions'
import type { SessionPolicy } from '@arawn/engine/session-decisions'
import { decideTurnEnd, decideTurnMessages, decideTurnStart, type TurnEnding } from '@arawn/engine/turn-decisions'
import type { DecisionScene } from '../commit/commit-request.js'
import { findRepeated, requestKey } from '../idempotency/request-key.js'
import type { Desk } from '../operations/desk.js'
import type { OwnActivity } from '../operations/own-activity.js'
import { unmoved } from '../promotion/unmoved.js'

/** A turn as its own process knows it. */
export interface TurnPlace {
  readonly workstreamId: WorkstreamId
  readonly interaction_id: InteractionId
  readonly session_id: SessionId
}

export type Answer = Omit<NewMessage, 'interaction_id' | 'idempotency' | 'author'>

export type StartedTurn = { readonly place: TurnPlace; readonly message: Message } | { readonly repeated: number }

export interface EndedTurn {
  readonly turn: Turn
  /** Of the promotion that began with its end. */
  readonly promotionId: string | undefined
}

/** Writes what happens in turns. Whatever it resolves is on disk. */
export interface TurnLog {
  /**
   * @returns `repeated` for a key that was used before: the sequence of the message that it wrote
   * @throws WORKSTREAM_BUSY | WORKSTREAM_ARCHIVED | IDEMPOTENCY_KEY_REUSED
   */
  start(
    workstreamId: WorkstreamId,
    message: Pick<NewMessage, 'content' | 'author' | 'metadata'>,
    idempotency: Idempotency | undefined,
  ): Promise<StartedTurn>
  /** @throws TURN_OVER */
  append(place: TurnPlace, answers: readonly Answer[]): Promise<Message[]>
  /**
   * @param promoteTo a title, of a turn in scratch: in the same write its session is journaled as being moved there. It is
   *   left to be finished.
   * @returns undefined when it was over already
   */
  end(place: TurnPlace, ending: TurnEnding, promoteTo?: string): Promise<EndedTurn | undefined>
  /** Ends a turn whose process is dead. @returns whether it was */
  endIfDead(turn: Turn): Promise<boolean>
}

export function createTurnLog(
  { queue, ids }: Pick<Desk, 'queue' | 'ids'>,
  {
    owners,
    sessionPolicy,
    ownActivity,
  }: { owners: TurnOwners; sessionPolicy: SessionPolicy; ownActivity: OwnActivity },
): TurnLog {
  async function runningHere({ rows }: DecisionScene, place: TurnPlace): Promise<Turn | undefined> {
    const running = await (await rows()).runningTurn(place.workstreamId)
    return running?.interaction_id === place.interaction_id ? running : undefined
  }

  async function end(place: TurnPlace, ending: TurnEnding, promoteTo?: string): Promise<EndedTurn | undefined> {
    return queue.commit({
      workstreamId: place.workstreamId,
      decide: async (scene) => {
        if ((await runningHere(scene, place)) === undefined) return { records: [], answer: () => undefined }
        const promotion = promoteTo === undefined ? undefined : await promotionOf(scene, place, promoteTo)
        return {
          // In this order: of an append that was cut, the beginning may stay. What was agreed on is not forgotten then.
          records: [...(promotion?.records ?? []), decideTurnEnd(place, ending, scene.context)],
          answer: async (rows) => {
            const turn = await (await rows()).turn(place.workstreamId, place.interaction_id)
            return turn && { turn, promotionId: promotion?.id }
          },
        }
      },
    })
  }

  /** Of all that is shown of the turn's session. Nothing, when somebody else has moved it meanwhile. */
  async function promotionOf(
    { rows, context }: DecisionScene,
    { session_id, interaction_id }: TurnPlace,
    title: string,
  ) {
    const reader = await rows()
    const sequences = await unmoved(reader, await reader.visibleSequences(SCRATCH_ID, { sessionId: session_id }))
    if (sequences.length === 0) return undefined
    const idempotency = requestKey(`turn:${interaction_id}`, 'promote', { session: session_id, title })
    return decidePromotionStart({ targetId: ids.next('ws'), targetTitle: title, sequences, idempotency }, context)
  }

  return {
    start: async (workstreamId, message, idempotency) => {
      const owner = await owners.own()
      return queue.commit<StartedTurn>({
        workstreamId,
        once: idempotency?.key,
        decide: async ({ context, standing, rows }) => {
          const reader = await rows()
          const repeated = await findRepeated(reader, workstreamId, idempotency)
          if (repeated !== undefined) return { records: [], answer: () => ({ repeated: repeated.sequence }) }
          const running = await reader.runningTurn(workstreamId)
          const isOwnerDead = running !== undefined && !(await owners.isAlive(running.owner))
          const decided = decideTurnStart(
            { ...(await standing()), running, isOwnerDead },
            { message: { ...message, idempotency }, owner },
            sessionPolicy,
            context,
          )
          const at = decided.records.findIndex(({ log }) => log === 'messages')
          return {
            records: decided.records,
            answer: (_rows, sequences) => {
              ownActivity.note(workstreamId, decided.message)
              const { session_id } = decided.message
              return {
                place: { workstreamId, interaction_id: decided.interactionId, session_id },
                message: { sequence: sequences[at] ?? 0, ...decided.message },
              }
            },
          }
        },
      })
    },

    append: (place, answers) =>
      queue.commit({
        workstreamId: place.workstreamId,
        decide: async (scene) => {
          if ((await runningHere(scene, place)) === undefined) throw turnOver(place)
          const messages = decideTurnMessages(place, answers, scene.context)
          return {
            records: messages.map((record) => ({ log: 'messages', record })),
            answer: (_rows, sequences) =>
              messages.map((message, index) => {
                ownActivity.note(place.workstreamId, message)
                return { sequence: sequences[index] ?? 0, ...message }
              }),
          }
        },
      }),

    end,

    endIfDead: async (turn) => {
      if (await owners.isAlive(turn.owner)) return false
      const place = {
        workstreamId: turn.workstream_id,
        interaction_id: turn.interaction_id,
        session_id: turn.session_id,
      }
      return (await end(place, { status: 'interrupted' })) !== undefined
    },
  }
}

function turnOver({ workstreamId, interaction_id: interactionId }: TurnPlace): WorkstreamError<'TURN_OVER'> {
  return new WorkstreamError('TURN_OVER', `the turn ${interactionId} of ${workstreamId} is over`, {
    workstreamId,
    interactionId,
  })
}
