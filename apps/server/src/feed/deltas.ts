import type { Message } from '@arawn/core/message'
import type { ChatTurn } from '@arawn/core/turn-operations'
import type { DeltaEvent } from '@arawn/core/wire-event'

/** Pieces of the answers that one reader follows, added up until it takes them. */
export interface Deltas {
  /** Listens to a turn from its beginning. Once is enough. */
  follow(turn: ChatTurn): void
  /** What has come since the last time: at most one piece for each turn. */
  take(): DeltaEvent[]
  /** The reader has been told of this message. */
  told(message: Message): void
  /** Resolves when there may be something to take. */
  more(): Promise<undefined>
}

interface Followed {
  readonly turn: ChatTurn
  /** What was said and not taken. */
  text: string
  /** The next piece is the first one of its answer that the reader hears. */
  isWhole: boolean
  /** Messages of the turn that the reader hears of in a moment: what is said behind them waits for that. */
  readonly untold: Set<string>
  readonly told: Set<string>
}

/** @param from the stamp behind which the reader is told of messages */
export function createDeltas({ from, signal }: { from: number; signal: AbortSignal }): Deltas {
  const followed = new Map<string, Followed>()
  let wake = () => {}
  let waiting: Promise<undefined> | undefined
  const isReady = ({ text, untold }: Followed) => text !== '' && untold.size === 0

  async function listen(entry: Followed): Promise<void> {
    for await (const event of entry.turn.events(signal)) {
      if (event.type === 'turn.delta') {
        entry.text += event.text
        if (isReady(entry)) wake()
      } else if (event.type === 'message.created') {
        const { id, stamp } = event.message
        if (stamp > from && !entry.told.has(id)) entry.untold.add(id)
        // It says all of it; the next answer of the turn begins anew.
        entry.text = ''
        entry.isWhole = true
      }
    }
  }

  return {
    follow(turn) {
      const id = turn.interaction_id
      if (followed.has(id)) return
      const entry: Followed = { turn, text: '', isWhole: true, untold: new Set(), told: new Set() }
      followed.set(id, entry)
      void listen(entry)
        .catch(() => {})
        .then(() => followed.delete(id))
    },
    take: () =>
      [...followed.values()].filter(isReady).map((entry): DeltaEvent => {
        const { text, isWhole, turn } = entry
        entry.text = ''
        entry.isWhole = false
        const { workstream_id, interaction_id } = turn
        return { type: 'turn.delta', workstream_id, interaction_id, text, ...(isWhole && { so_far: true }) }
      }),
    told({ id, interaction_id: interactionId }) {
      const entry = interactionId === undefined ? undefined : followed.get(interactionId)
      entry?.told.add(id)
      entry?.untold.delete(id)
    },
    more() {
      if ([...followed.values()].some(isReady)) return Promise.resolve(undefined)
      waiting ??= new Promise((resolve) => {
        wake = () => {
          waiting = undefined
          resolve(undefined)
        }
      })
      return waiting
    },
  }
}
