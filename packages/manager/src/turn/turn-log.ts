import { WorkstreamError } from '@arawn/core/error'
import { type InteractionId, SCRATCH_ID, type SessionId, type WorkstreamId } from '@arawn/core/id'
import type { Idempotency, Message } from '@arawn/core/message'
import type { MessageRecord } from '@arawn/core/record'
import type { Turn } from '@arawn/core/turn'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { NewMessage } from '@arawn/engine/message-decisions'
import { decidePromotionStart } from '@arawn/engine/promotion-decisions'
import type { SessionPolicy } from '@arawn/engine/session-decisions'
import {
  decideTurnEnd,
  decideTurnMessages,
  decideTurnStart,
  type TurnEnding,
  type TurnOpening,
  workstreamBusy,
} from '@arawn/engine/turn-decisions'
import type { DecisionScene } from '../commit/commit-request.js'
import { findRepeated, requestKey } from '../idempotency/request-key.js'
import type { Desk } from '../operations/desk.js'
import type { OwnActivity } from '../operations/own-activity.js'
import { unmoved } from '../promotion/unmoved.js'
import type { ToldHistory } from './told-history.js'

/** A turn as its own process knows it. */
export interface TurnPlace {
  readonly workstreamId: WorkstreamId
  readonly interaction_id: InteractionId
  readonly session_id: SessionId
}

export type Answer = Omit<NewMessage, 'interaction_id' | 'idempotency' | 'author'>

/** `messages`: those that the turn begins with. */
export type BegunTurn = { readonly place: TurnPlace; readonly messages: readonly [Message, ...Message[]] }

/** `repeated`: the sequence of the message that was written for a key that was used before. */
export type StartedTurn =
  | BegunTurn
  | { readonly repeated: number }
  /** Somebody has written since what is new was found. */
  | { readonly overtaken: true }

export interface EndedTurn {
  readonly turn: Turn
  /** Of the promotion that began with its end. */
  readonly promotionId: string | undefined
}

/** Writes what happens in turns. Whatever it resolves is on disk. */
export interface TurnLog {
  /**
   * @param told what the turn begins with, if this is still the last message; by itself, wherever it comes
   * @throws WORKSTREAM_BUSY | WORKSTREAM_ARCHIVED | IDEMPOTENCY_KEY_REUSED | HISTORY_DIVERGED
   */
  start(
    workstreamId: WorkstreamId,
    told: { readonly opening: ToldHistory['opening']; readonly lastSequence?: number | undefined },
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
    start: async (workstreamId, { opening, lastSequence }, idempotency) => {
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
          if (running !== undefined && !isOwnerDead) throw workstreamBusy(running)
          if (lastSequence !== undefined && lastSequence !== (await lastOf(reader, workstreamId)))
            return { records: [], answer: () => ({ overtaken: true }) }
          if (opening instanceof WorkstreamError) throw opening
          const [first, ...more] = opening.messages
          const keyed: TurnOpening = { ...opening, messages: [{ ...first, idempotency }, ...more] }
          const { records, messages, interactionId } = decideTurnStart(
            { ...(await standing()), running, isOwnerDead },
            { opening: keyed, owner },
            sessionPolicy,
            context,
          )
          return {
            records,
            answer: (_rows, sequences) => {
              const placed = (record: MessageRecord): Message => {
                ownActivity.note(workstreamId, record)
                return { sequence: sequences[records.findIndex((one) => one.record === record)] ?? 0, ...record }
              }
              const [begins, ...others] = messages
              return {
                place: { workstreamId, interaction_id: interactionId, session_id: begins.session_id },
                messages: [placed(begins), ...others.map(placed)],
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

async function lastOf(rows: IndexReader, workstreamId: WorkstreamId): Promise<number> {
  return (await rows.messages({ workstreamId, limit: 1, includePromoted: true })).items.at(-1)?.sequence ?? 0
}

function turnOver({ workstreamId, interaction_id: interactionId }: TurnPlace): WorkstreamError<'TURN_OVER'> {
  return new WorkstreamError('TURN_OVER', `the turn ${interactionId} of ${workstreamId} is over`, {
    workstreamId,
    interactionId,
  })
}
