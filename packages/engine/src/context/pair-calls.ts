import type { SizedMessage } from '../context.js'

/**
 * Finds the result of each call of a turn. Results may come in any order and far behind; when an id was used twice, the
 * first result belongs to the first call.
 */
export function pairCalls(messages: readonly SizedMessage[]): Map<SizedMessage, SizedMessage> {
  const waiting = new Map<string, SizedMessage[]>()
  const resultOf = new Map<SizedMessage, SizedMessage>()
  for (const message of messages) {
    if (message.role !== 'tool_use' && message.role !== 'tool_result') continue
    const id = message.metadata?.tool_call_id
    const key = typeof id === 'string' ? id : ''
    if (message.role === 'tool_use') {
      const calls = waiting.get(key)
      if (calls === undefined) waiting.set(key, [message])
      else calls.push(message)
      continue
    }
    const call = waiting.get(key)?.shift()
    if (call !== undefined) resultOf.set(call, message)
  }
  return resultOf
}
