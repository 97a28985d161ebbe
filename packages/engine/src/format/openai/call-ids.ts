import { stringOf } from '../json-value.js'
import type { MessagePart } from './message-part.js'

/**
 * The ids that pair tool calls with results. What has none, such as lines written by hand, gets one: a result answers
 * the oldest call that is still open.
 */
export function createCallIds(): { idOf(part: MessagePart): string } {
  const open = new Set<string>()
  let parts = 0
  return {
    idOf: ({ role, tool }) => {
      parts++
      const own = stringOf(tool?.tool_call_id) || undefined
      if (role === 'tool_use') {
        const id = own ?? `call_${parts}`
        open.add(id)
        return id
      }
      if (role !== 'tool_result') return ''
      const [oldest] = open
      const id = own ?? oldest ?? `call_${parts}`
      open.delete(id)
      return id
    },
  }
}
