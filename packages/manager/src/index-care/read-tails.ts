import type { LogStore } from '@arawn/core/log-store'
import type { KeptTail } from '@arawn/core/maintenance-operations'
import { messagesInTail } from '@arawn/engine/torn-tail-decisions'

/** The torn tails that were kept, oldest first, with what they say. */
export async function readTails(log: LogStore): Promise<KeptTail[]> {
  const kept: KeptTail[] = []
  // One after the other: each may be as long as a line can be.
  for (const tail of await log.listQuarantine()) {
    const bytes = (await log.readQuarantine(tail.name)) ?? new Uint8Array(0)
    const messages = messagesInTail(tail.log, bytes)
    const [first] = messages
    const text = first === undefined ? new TextDecoder().decode(bytes) : `${first.role}: ${first.content}`
    kept.push({ ...tail, text: text.slice(0, LONGEST_TEXT), messages: messages.length })
  }
  return kept
}

const LONGEST_TEXT = 200
