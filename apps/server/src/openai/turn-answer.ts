import type { Json } from '@arawn/core/json'
import type { EndReason, ToolCall } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { ChatTools, ChatTurn } from '@arawn/core/turn-operations'
import type { AnswerPiece } from './answer-piece.js'
import { TurnFailed } from './openai-error.js'

/**
 * A turn as one answer. What it says between calls that Arawn runs itself is one text, in paragraphs; those calls are not
 * shown. Whoever goes away leaves a turn that goes on.
 *
 * @throws TurnFailed
 */
export async function* turnAnswer(turn: ChatTurn, tools: ChatTools, gone: AbortSignal): AsyncGenerator<AnswerPiece> {
  let reason: EndReason = 'stop'
  let isNewParagraph = false
  for await (const event of turn.events(gone)) {
    if (event.type === 'turn.delta') {
      yield { type: 'text', text: isNewParagraph ? `\n\n${event.text}` : event.text }
      isNewParagraph = false
    } else if (event.type === 'message.created') {
      const { message } = event
      if (message.role === 'assistant') {
        isNewParagraph = true
        reason = reasonOf(message)
      }
      const call = callOf(message)
      if (call === undefined || !Object.hasOwn(tools, call.name)) continue
      reason = 'tool_calls'
      yield { type: 'call', call }
    }
  }
  if (gone.aborted) return
  const ended = await turn.ended
  if (ended.status !== 'ok') throw new TurnFailed(ended)
  yield { type: 'end', reason, usage: ended.usage }
}

function callOf({ role, metadata }: Message): ToolCall | undefined {
  if (role !== 'tool_use') return undefined
  const input: Json = metadata?.arguments ?? {}
  return { id: String(metadata?.tool_call_id), name: String(metadata?.tool_name), arguments: input }
}

function reasonOf({ metadata }: Message): EndReason {
  const said = metadata?.end_reason
  return said === 'length' || said === 'refused' ? said : 'stop'
}
