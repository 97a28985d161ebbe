import type { Message } from '@arawn/core/message'
import type { DeltaEvent } from '@arawn/core/wire-event'
import type { TurnText } from './turn-texts.js'

/** What one reader hears of the answers that are being given: what has come since it took something the last time. */
export interface Deltas {
  follow(text: TurnText): void
  isReady(): boolean
  /** At most one piece for each turn. */
  take(): DeltaEvent[]
  /** The reader has been told of this message. */
  told(message: Message): void
  end(): void
}

interface Followed {
  readonly text: TurnText
  readonly stop: () => void
  /** How many messages of the turn came before the answer that was heard last, and how much of that was heard. */
  answer: number
  heard: number
  /** How many of them the reader was told of; what is said behind the others waits for them. */
  toldOf: number
  readonly told: Set<string>
}

/** @param from the stamp behind which the reader is told of messages */
export function createDeltas({ from, wake }: { from: number; wake: () => void }): Deltas {
  const followed = new Map<string, Followed>()

  function isReady(entry: Followed): boolean {
    const messages = entry.text.messages()
    for (let next = messages[entry.toldOf]; next !== undefined; next = messages[entry.toldOf]) {
      if (next.stamp > from && !entry.told.delete(next.id)) return false
      entry.toldOf += 1
    }
    if (entry.answer < messages.length) {
      entry.answer = messages.length
      entry.heard = 0
    }
    return entry.text.length() > entry.heard
  }

  return {
    follow(text) {
      if (text.isOver() || followed.has(text.interactionId)) return
      const stop = text.listen(wake)
      followed.set(text.interactionId, { text, stop, answer: 0, heard: 0, toldOf: 0, told: new Set() })
    },
    isReady: () => [...followed.values()].some(isReady),
    take() {
      const pieces: DeltaEvent[] = []
      for (const entry of followed.values()) {
        if (isReady(entry)) {
          pieces.push(entry.text.pieceFrom(entry.heard))
          entry.heard = entry.text.length()
        }
        if (!entry.text.isOver()) continue
        entry.stop()
        followed.delete(entry.text.interactionId)
      }
      return pieces
    },
    told({ id, interaction_id: interactionId }) {
      if (interactionId !== undefined) followed.get(interactionId)?.told.add(id)
    },
    end() {
      for (const { stop } of followed.values()) stop()
    },
  }
}
