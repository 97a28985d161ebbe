import type { ImportedConversation } from '../../imported-conversation.js'
import { instantOf } from '../instant.js'
import type { JsonLine } from '../json-lines.js'
import { isJsonObject, type Json, type JsonObject, stringOf } from '../json-value.js'
import type { Skips } from '../skips.js'
import { textHash } from '../text-hash.js'
import { createApiMessages } from './api-messages.js'
import { conversationId } from './conversation-id.js'
import type { DraftMessage } from './draft-message.js'
import { readBlock } from './read-block.js'
import { transcriptTitle } from './transcript-title.js'

/**
 * A session of Claude Code: one event a line, of which those of type user and assistant hold what was said. A message
 * is made of each block. The others are the program's own notes: progress, snapshots, its queue, system lines such as
 * the border of a compaction (what the compaction said is a user line).
 *
 * The file is one conversation, whatever sessions its lines name (see `conversation-id.ts`).
 */
export function readClaudeCode(lines: readonly JsonLine[], location: string, skips: Skips): ImportedConversation[] {
  const drafts: DraftMessage[] = []
  const spoken: JsonObject[] = []
  const uuids = new Set<string>()
  const answers = createApiMessages(skips)
  const toolNames = new Map<string, string>()

  for (const line of lines) {
    const said = spokenLine(line, skips)
    if (said === undefined) continue
    if (uuids.has(said.id)) {
      skips.add('repeated')
      continue
    }
    uuids.add(said.id)
    spoken.push(line.object)
    const answerId = said.speaker === 'assistant' ? (stringOf(said.message.id) ?? said.id) : undefined
    if (answerId !== undefined) answers.line(answerId, said.message)
    for (const [index, block] of said.blocks.entries()) {
      const read = readBlock(block, said.speaker, toolNames)
      if (read.kind === 'skipped') skips.add(read.what)
      else if (read.kind === 'thinking') answers.thought(answerId ?? said.id, read.text)
      else {
        const { role, content, metadata } = read
        const isFirst = drafts.length === 0
        const draft: DraftMessage = {
          key: `${said.id}#${index}`,
          role,
          content,
          ...(said.timestamp !== undefined && { timestamp: said.timestamp }),
          metadata: { ...metadata, ...flagsOf(line.object), ...(isFirst && placeOf(line.object)) },
        }
        drafts.push(draft)
        if (answerId !== undefined) answers.made(answerId, draft)
      }
    }
  }
  answers.finish()

  const objects = lines.map(({ object }) => object)
  const source = { format: 'claude-code', conversation_id: conversationId(spoken, location) }
  const messages = drafts.map((draft) => {
    const { metadata, ...message } = draft
    return Object.keys(metadata).length === 0 ? message : draft
  })
  return [{ source, title: transcriptTitle(objects, drafts), messages, skipped: {} }]
}

interface SpokenLine {
  /** The line's uuid; without one, a name made of where it stands and what it says. */
  readonly id: string
  readonly speaker: 'user' | 'assistant'
  readonly timestamp: string | undefined
  readonly message: JsonObject
  readonly blocks: readonly Json[]
}

function spokenLine({ number, object }: JsonLine, skips: Skips): SpokenLine | undefined {
  const { type, message, uuid } = object
  if (type !== 'user' && type !== 'assistant') {
    if (typeof type === 'string') skips.add(type)
    else skips.badLine(number, 'has no "type"')
    return undefined
  }
  const content = isJsonObject(message) ? message.content : undefined
  if (!isJsonObject(message) || (typeof content !== 'string' && !Array.isArray(content))) {
    skips.badLine(number, `of type ${type} has no "message" with "content"`)
    return undefined
  }
  const hasUuid = typeof uuid === 'string' && uuid !== '' && uuid.length <= MAX_UUID
  return {
    id: hasUuid ? uuid : `${number}:${textHash(JSON.stringify(content))}`,
    speaker: type,
    timestamp: instantOf(object.timestamp),
    message,
    blocks: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  }
}

// A key is at most 500 characters.
const MAX_UUID = 200

function flagsOf({ isSidechain, isMeta, isCompactSummary }: JsonObject): JsonObject {
  return {
    ...(isSidechain === true && { sidechain: true }),
    ...(isMeta === true && { meta: true }),
    ...(isCompactSummary === true && { compact_summary: true }),
  }
}

/** Where the conversation took place: on its first message. */
function placeOf({ cwd, gitBranch }: JsonObject): JsonObject {
  return {
    ...(typeof cwd === 'string' && cwd !== '' && { cwd }),
    ...(typeof gitBranch === 'string' && gitBranch !== '' && { git_branch: gitBranch }),
  }
}
