import { WorkstreamError } from '@arawn/core/error'
import type { InteractionId, SessionId, WorkstreamId } from '@arawn/core/id'
import type { Idempotency, Message } from '@arawn/core/message'
import type { Turn } from '@arawn/core/turn'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { NewMessage } from '@arawn/engine/message-decisions'
import type { SessionPolicy } from '@arawn/engine/session-decisions'
import { decideTurnEnd, decideTurnMessages, decideTurnStart, type TurnEnding } from '@arawn/engine/turn-decisions'
import type { DecisionScene } from '../commit/commit-request.js'
import { findRepeated } from '../idempotency/request-key.js'
import type { Desk } from '../operations/desk.js'
import type { OwnActivity } from '../operations/own-activity.js'

/** A turn as its own process knows it. */
export interface TurnPlace {
  readonly workstreamId: WorkstreamId
  readonly interaction_id: InteractionId
  readonly session_id: SessionId
}

export type Answer = Omit<NewMessage, 'interaction_id' | 'idempotency' | 'author'>

export type StartedTurn = { readonly place: TurnPlace; readonly message: Message } | { readonly repeated: number }

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
  /** @returns undefined when it was over already */
  end(place: TurnPlace, ending: TurnEnding): Promise<Turn | undefined>
  /** Ends a turn whose process is dead. @returns whether it was */
  endIfDead(turn: Turn): Promise<boolean>
}

export function createTurnLog(
  { queue }: Pick<Desk, 'queue'>,
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

  async function end(place: TurnPlace, ending: TurnEnding): Promise<Turn | undefined> {
    return queue.commit({
      workstreamId: place.workstreamId,
      decide: async (scene) => {
        if ((await runningHere(scene, place)) === undefined) return { records: [], answer: () => undefined }
        return {
          records: [decideTurnEnd(place, ending, scene.context)],
          answer: async (rows) => (await rows()).turn(place.workstreamId, place.interaction_id),
        }
      },
    })
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
