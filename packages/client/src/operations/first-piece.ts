import type { ImportedMessage } from '@arawn/core/import-source'

/** As many messages from the beginning as fit into so many bytes of JSON; at least one. */
export function firstPiece(messages: readonly ImportedMessage[], limitBytes: number): readonly ImportedMessage[] {
  let bytes = 0
  for (const [count, message] of messages.entries()) {
    // Of UTF-16 that is not ASCII a character is at most three bytes of UTF-8.
    bytes += 3 * JSON.stringify(message).length
    if (bytes > limitBytes && count > 0) return messages.slice(0, count)
  }
  return messages
}
