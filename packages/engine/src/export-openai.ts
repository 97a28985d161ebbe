/** Writes a history as OpenAI chat JSONL, the form that fine-tuning and other tools take. */

import type { Message } from '@arawn/core/message'
import { fitsDepth, type Json, type JsonObject, MAX_JSON_DEPTH, storableJson, stringOf, wellFormed } from './format/json-value.js'
import { joinParts } from './format/openai/join-parts.js'
import { continuesMessage, type MessagePart, sameParts } from './format/openai/message-part.js'
import { type OpenAiNotes, openAiNotes } from './format/openai/openai-notes.js'
import { restoreFields } from './format/openai/source-fields.js'
import { splitMessage } from './format/openai/split-message.js'

/**
 * One line, `{"messages":[…]}` and LF, in pieces to be written one after the other.
 *
 * An assistant's text and the tool calls after it become one message. A push of an agent becomes a message of role user
 * with the name `agent_push`. What the format has no place for is left out: times, ids, whether a tool failed, other
 * metadata. What was imported from this format comes out equal, and an export that is imported is exported equal.
 */
export async function* exportOpenAi(
  messages: AsyncIterable<Message> | Iterable<Message>,
): AsyncGenerator<string, void, undefined> {
  const callIds = createCallIds()
  let line: LineFrame | undefined
  let group: Exported[] = []
  let separator = ''
  const flush = (): string => {
    const text = group.length === 0 ? '' : separator + JSON.stringify(openAiMessage(group))
    separator = text === '' ? separator : ','
    return text
  }
  for await (const message of messages) {
    const next = exported(message, callIds)
    if (line === undefined) {
      line = lineFrame(next.notes.line)
      yield line.before
    }
    if (next.notes.begins !== true && continuesMessage(group.at(-1)?.part, next.part)) {
      group.push(next)
      continue
    }
    if (group.length > 0) yield flush()
    group = [next]
  }
  line ??= { before: PLAIN_FRAME.before, after: PLAIN_FRAME.after }
  yield `${separator}`
}
