import type { InteractionId, WorkstreamId } from '@arawn/core/id'
import type { ChatTurn } from '@arawn/core/turn-operations'
import type { DeltaEvent } from '@arawn/core/wire-event'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'

/** The answers that are being given in this process, each listened to once for however many it is told to. */
export interface TurnTexts {
  running(workstream?: string): Promise<TurnText[]>
  /** undefined: it is over, or runs elsewhere. */
  find(workstreamId: WorkstreamId, interactionId: InteractionId): Promise<TurnText | undefined>
}

export interface TurnText {
  readonly interactionId: InteractionId
  /** What it has put on disk so far; the text comes behind it. */
  messages(): readonly { readonly id: string; readonly stamp: number }[]
  /** How much was said of the answer that is being given. */
  length(): number
  /** The answer from a place on; for who heard nothing of it from 0. */
  pieceFrom(start: number): DeltaEvent
  isOver(): boolean
  /** @returns how to stop listening */
  listen(wake: () => void): () => void
}

export function createTurnTexts(manager: Pick<WorkstreamManager, 'listRunningTurns'>): TurnTexts {
  const known = new Map<InteractionId, TurnText>()
  const looking = new Map<InteractionId, Promise<unknown>>()

  function textOf(turn: ChatTurn): TurnText {
    const id = turn.interaction_id
    const found = known.get(id)
    if (found !== undefined) return found
    const text = listenTo(turn, () => known.delete(id))
    known.set(id, text)
    return text
  }

  async function running(workstream?: string): Promise<TurnText[]> {
    return (await manager.listRunningTurns(workstream)).map(textOf)
  }

  return {
    running,
    async find(workstreamId, interactionId) {
      // Those who follow it hear of a turn at the same time.
      const look = looking.get(interactionId) ?? running(workstreamId)
      looking.set(interactionId, look)
      await look.finally(() => looking.delete(interactionId))
      return known.get(interactionId)
    },
  }
}

function listenTo(turn: ChatTurn, onEnd: () => void): TurnText {
  const { workstream_id, interaction_id } = turn
  const messages: { id: string; stamp: number }[] = []
  const listeners = new Set<() => void>()
  let text = ''
  let isOver = false
  let last: { readonly start: number; readonly end: number; readonly piece: DeltaEvent } | undefined

  async function listen(): Promise<void> {
    for await (const event of turn.events()) {
      if (event.type === 'turn.delta') text += event.text
      else if (event.type === 'message.created') {
        const { id, stamp } = event.message
        messages.push({ id, stamp })
        // It says all of it; the next answer of the turn begins anew.
        text = ''
        last = undefined
      }
      for (const wake of listeners) wake()
    }
  }

  void listen()
    .catch(() => {})
    .then(() => {
      isOver = true
      onEnd()
      for (const wake of listeners) wake()
    })

  return {
    interactionId: interaction_id,
    messages: () => messages,
    length: () => text.length,
    pieceFrom(start) {
      if (last?.start === start && last.end === text.length) return last.piece
      const said = { type: 'turn.delta', workstream_id, interaction_id, text: text.slice(start) } as const
      const piece: DeltaEvent = start === 0 ? { ...said, so_far: true } : said
      last = { start, end: text.length, piece }
      return piece
    },
    isOver: () => isOver,
    listen(wake) {
      listeners.add(wake)
      return () => listeners.delete(wake)
    },
  }
}
