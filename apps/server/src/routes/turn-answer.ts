import type { Message } from '@arawn/core/message'
import type { Turn } from '@arawn/core/turn'
import type { ChatTurn } from '@arawn/core/turn-operations'
import type { SentEvent } from '../calls/handler.js'

/** Waits for the end of a turn. */
export async function turnAnswer(turn: ChatTurn): Promise<{ turn: Turn; messages: Message[] }> {
  const messages = [turn.message]
  for await (const event of turn.events()) if (event.type === 'message.created') messages.push(event.message)
  return { turn: await turn.ended, messages }
}

/** Whoever goes away leaves a turn that goes on. */
export async function* turnEvents(turn: ChatTurn, gone: AbortSignal): AsyncGenerator<SentEvent> {
  for await (const event of turn.events(gone)) {
    const told = event.type === 'turn.started' ? { workstream_id: turn.workstream_id, ...event } : event
    yield { type: event.type, text: JSON.stringify(told) }
  }
}
