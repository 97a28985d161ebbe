import type { SizedMessage } from '../context.js'
import type { ContextPolicy } from '../context-policy.js'

export interface Turn {
  readonly messages: readonly SizedMessage[]
  /** Session of the message before it. */
  readonly sessionBefore: string | undefined
}

/**
 * Cuts messages into turns, the last of which is the one that goes on. Messages before the first user are one, too.
 *
 * A turn is rendered without looking at others, so its rendering never changes because of what comes later. That is why
 * a result never goes back to a call in an earlier turn. A user message that was sent while a turn was running, as its
 * `interaction_id` shows, does not end it. Nor do the results of calls that a caller has run: what began with a user goes
 * on with them, though the log has two turns there.
 */
export function splitTurns(messages: readonly SizedMessage[], turnStart: number): Turn[] {
  const lastOfTurn = new Map<string, number>()
  for (const [index, { interaction_id: id, sequence }] of messages.entries())
    if (id !== undefined && sequence < turnStart) lastOfTurn.set(id, index)

  const turns: { messages: SizedMessage[]; sessionBefore: string | undefined }[] = []
  let runsUntil = -1
  const first = messages.findIndex(({ sequence }) => sequence >= turnStart)
  const startIndex = messages[first]?.role === 'tool_result' ? -1 : first
  for (const [index, message] of messages.entries()) {
    const { role, sequence, interaction_id: id } = message
    const current = turns.at(-1)
    const begins = index === startIndex || (sequence < turnStart && role === 'user' && index > runsUntil)
    if (current === undefined || begins)
      turns.push({ messages: [message], sessionBefore: messages[index - 1]?.session_id })
    else current.messages.push(message)
    if (id !== undefined) runsUntil = Math.max(runsUntil, lastOfTurn.get(id) ?? -1)
  }
  return turns
}

/**
 * How many of the earlier turns are older than the window. It moves in steps: only their number says where, so it needs
 * no memory, and stays where it is until the window has grown by a step.
 */
export function countOlderTurns(earlier: readonly Turn[], { window, windowStep }: ContextPolicy): number {
  const step = Math.max(1, windowStep)
  const messages = earlier.reduce((sum, turn) => sum + turn.messages.length, 0)
  const older = Math.max(0, Math.floor((messages - window) / step) * step)
  let count = 0
  for (let at = 0; count < earlier.length; count++) {
    at += earlier[count]?.messages.length ?? 0
    if (at > older) break
  }
  return count
}
