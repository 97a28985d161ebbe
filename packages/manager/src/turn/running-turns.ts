import type { InteractionId, WorkstreamId } from '@arawn/core/id'
import type { ChatTurn } from '@arawn/core/turn-operations'

/** The turns of this process that run, and those that wait for one to end. */
export interface RunningTurns {
  add(turn: ChatTurn, stop: (reason: 'cancelled' | 'closed') => void): void
  find(workstreamId: WorkstreamId, interactionId: InteractionId): ChatTurn | undefined
  /** All of them, or those of one workstream, the oldest first. */
  list(workstreamId: WorkstreamId | undefined): ChatTurn[]
  /** Waits in line behind all that came before for this workstream. @returns how to leave the line */
  line(workstreamId: WorkstreamId): Promise<() => void>
  cancel(workstreamId: WorkstreamId, interactionId: InteractionId | undefined): boolean
  /** Stops all of them; resolves when their ends are on disk. */
  close(): Promise<void>
}

export function createRunningTurns(): RunningTurns {
  const running = new Map<InteractionId, { turn: ChatTurn; stop: (reason: 'cancelled' | 'closed') => void }>()
  const lines = new Map<WorkstreamId, Promise<void>>()

  return {
    add(turn, stop) {
      running.set(turn.interaction_id, { turn, stop })
      void turn.ended.finally(() => running.delete(turn.interaction_id))
    },
    find(workstreamId, interactionId) {
      const found = running.get(interactionId)
      return found?.turn.workstream_id === workstreamId ? found.turn : undefined
    },
    list: (workstreamId) =>
      [...running.values()].flatMap(({ turn }) =>
        workstreamId === undefined || turn.workstream_id === workstreamId ? [turn] : [],
      ),
    async line(workstreamId) {
      const before = lines.get(workstreamId)
      let leave = () => {}
      const left = new Promise<void>((resolve) => (leave = resolve))
      const place = (before ?? Promise.resolve()).then(() => left)
      lines.set(workstreamId, place)
      void place.then(() => {
        if (lines.get(workstreamId) === place) lines.delete(workstreamId)
      })
      await before
      return leave
    },
    cancel(workstreamId, interactionId) {
      const chosen = [...running.values()].filter(
        ({ turn }) =>
          turn.workstream_id === workstreamId && (interactionId === undefined || turn.interaction_id === interactionId),
      )
      for (const { stop } of chosen) stop('cancelled')
      return chosen.length > 0
    },
    async close() {
      const ending = [...running.values()]
      for (const { stop } of ending) stop('closed')
      await Promise.all(ending.map(({ turn }) => turn.ended))
    },
  }
}
