/** Writes a history as OpenAI chat JSONL, the form that fine-tuning and other tools take. */

import { fitsDepth } from '@arawn/core/json'
import type { Message } from '@arawn/core/message'
import { type JsonObject, MAX_JSON_DEPTH } from './format/json-value.js'
import { createCallIds } from './format/openai/call-ids.js'
import { joinParts } from './format/openai/join-parts.js'
import { lineFrame } from './format/openai/line-frame.js'
import { continuesMessage, type MessagePart, partOf, sameParts } from './format/openai/message-part.js'
import { type OpenAiNotes, openAiNotes } from './format/openai/openai-notes.js'
import { restoreFields } from './format/openai/source-fields.js'
import { splitMessage } from './format/openai/split-message.js'

/**
 * One line, `{"messages":[…]}` and LF, in pieces to be written one after the other.
 *
 * An assistant's text and the tool calls after it become one message. A push of an agent becomes a message of role
 * `user` with the name `agent_push`, or `agent_push.<author>`. What the format has no place for is left out: times,
 * ids, whether a tool failed, other metadata. What was imported from this format comes out equal, as JSON.stringify
 * writes it; and an export that is imported is exported equal.
 *
 * @param messages in the order of their sequences
 */
export async function* exportOpenAi(
  messages: AsyncIterable<Message> | Iterable<Message>,
): AsyncGenerator<string, void, undefined> {
  let frame = lineFrame(undefined)
  let separator: string | undefined
  for await (const group of grouped(messages)) {
    if (separator === undefined) {
      frame = lineFrame(group[0].notes.line)
      separator = frame.before
    }
    yield separator + JSON.stringify(openAiMessage(group))
    separator = ','
  }
  yield `${separator === undefined ? frame.before : ''}${frame.after}\n`
}

interface NotedPart {
  readonly part: MessagePart
  readonly notes: OpenAiNotes
  readonly callId: string
}

type Group = [NotedPart, ...NotedPart[]]

/** The parts of each OpenAI message. */
async function* grouped(messages: AsyncIterable<Message> | Iterable<Message>): AsyncGenerator<Group> {
  const callIds = createCallIds()
  let group: Group | undefined
  for await (const message of messages) {
    const part = partOf(message)
    const next: NotedPart = { part, notes: openAiNotes(message.metadata), callId: callIds.idOf(part) }
    if (group !== undefined && next.notes.begins !== true && continuesMessage(group.at(-1)?.part, part)) {
      group.push(next)
      continue
    }
    if (group !== undefined) yield group
    group = [next]
  }
  if (group !== undefined) yield group
}

/**
 * The message of the source, if it says what the parts say; otherwise ours. So neither notes that were made up nor
 * parts that were moved away can make an export say what nobody said.
 */
function openAiMessage(group: Group): JsonObject {
  const parts = group.map(({ part }) => part)
  const callIds = new Map(group.map(({ part, callId }) => [part, callId]))
  const ours = joinParts(parts, (part) => callIds.get(part) ?? '')
  const source = restoreFields(group[0].notes.fields, ours)
  if (source === undefined || !fitsDepth(source, MAX_JSON_DEPTH - LINE_LEVELS)) return ours
  const said = splitMessage(source)
  return said !== undefined && sameParts(said, parts) ? source : ours
}

// A message stands in a list in an object.
const LINE_LEVELS = 2
