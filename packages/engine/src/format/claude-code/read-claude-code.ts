import type { ImportedConversation } from '../../imported-conversation.js'
import { instantOf } from '../instant.js'
import type { JsonLine } from '../json-lines.js'
import { isJsonObject, type Json, type JsonObject, stringOf } from '../json-value.js'
import type { Skips } from '../skips.js'
import { textHash } from '../text-hash.js'
import { createApiMessages } from './api-messages.js'
import { conversationId } from './conversation-id.js'
import type { DraftMessage } from './draft-message.js'
import { createQueuedWords, isSpeech, type QueuedWords, type TakenWords, wordsOf } from './queued-words.js'
import { readBlock } from './read-block.js'
import { transcriptTitle } from './transcript-title.js'

/**
 * A session of Claude Code: one event a line, of which those of type user and assistant hold what was said. A message
 * is made of each block. Words that were typed while the model worked may stand in no such line (`queued-words.ts`).
 * The others are the program's own notes: progress, snapshots, system lines such as the border of a compaction (what
 * the compaction said is a user line).
 *
 * The file is one conversation, whatever sessions its lines name (see `conversation-id.ts`).
 */
export function readClaudeCode(lines: readonly JsonLine[], location: string, skips: Skips): ImportedConversation[] {
  const drafts: DraftMessage[] = []
  const spoken: JsonObject[] = []
  const uuids = new Set<string>()
  const answers = createApiMessages(skips)
  const toolNames = new Map<string, string>()
  const queue = createQueuedWords()
  let queueLines = 0

  for (const line of lines) {
    if (line.object.type === 'queue-operation') {
      queue.operation(line)
      queueLines++
      continue
    }
    const said = spokenLine(line, skips)
    if (said === undefined) continue
    if (uuids.has(said.id)) {
      skips.add('repeated')
      continue
    }
    uuids.add(said.id)
    if (line.object.type === 'attachment' && !isUsersAttachment(line.object, said, queue)) {
      skips.add('attachment')
      continue
    }
    spoken.push(line.object)
    for (const { key, text, timestamp } of takenWords(queue, line.object, said)) {
      const metadata = drafts.length === 0 ? placeOf(line.object) : {}
      drafts.push({ key, role: 'user', content: text, ...(timestamp !== undefined && { timestamp }), metadata })
      queueLines--
    }
    const thinker = line.object.isSidechain === true ? `sub-agent ${stringOf(line.object.agentId)}` : said.speaker
    const answerId = said.speaker === 'assistant' ? (stringOf(said.message.id) ?? said.id) : undefined
    if (answerId !== undefined) answers.line(answerId, said.message)
    for (const [index, block] of said.blocks.entries()) {
      const read = readBlock(block, said.speaker, toolNames)
      if (read.kind === 'skipped') skips.add(read.what)
      else if (read.kind === 'thinking') answers.thought(thinker, read.text)
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
        if (answerId !== undefined) answers.made(answerId, thinker, draft)
      }
    }
  }
  answers.finish()
  if (queueLines > 0) skips.add('queue-operation', queueLines)

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
  const { type, uuid } = object
  const content = contentOf(object)
  if (content === undefined) {
    if (type === 'user' || type === 'assistant')
      skips.badLine(number, `of type ${type} has no "message" with "content"`)
    else if (typeof type === 'string') skips.add(type)
    else skips.badLine(number, 'has no "type"')
    return undefined
  }
  const hasUuid = typeof uuid === 'string' && uuid !== '' && uuid.length <= MAX_UUID
  return {
    id: hasUuid ? uuid : `${number}:${textHash(JSON.stringify(content))}`,
    speaker: type === 'assistant' ? 'assistant' : 'user',
    timestamp: instantOf(object.timestamp),
    message: isJsonObject(object.message) ? object.message : {},
    blocks: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  }
}

function contentOf({ type, message, attachment }: JsonObject): string | Json[] | undefined {
  const isQueued = type === 'attachment' && isJsonObject(attachment) && attachment.type === 'queued_command'
  const isSpoken = (type === 'user' || type === 'assistant') && isJsonObject(message)
  const content = isQueued ? attachment.prompt : isSpoken ? message.content : undefined
  return typeof content === 'string' || Array.isArray(content) ? content : undefined
}

/** Words of a user that a running turn took in. What another program sent through the same queue is not theirs. */
function isUsersAttachment(
  { attachment, isSidechain }: JsonObject,
  { blocks }: SpokenLine,
  queue: QueuedWords,
): boolean {
  if (!isJsonObject(attachment)) return false
  const text = wordsOf([...blocks])
  const { commandMode, origin, isMeta } = attachment
  const isNew = isSidechain === true || queue.attached(text)
  const isSomebodyElses = isJsonObject(origin) && origin.kind !== 'human'
  return isNew && isSpeech(text) && commandMode !== 'task-notification' && !isSomebodyElses && isMeta !== true
}

/** What the model had taken in before it said this. Tells the queue what arrived. */
function takenWords(
  queue: QueuedWords,
  { type, isSidechain, isMeta, isCompactSummary }: JsonObject,
  { speaker, timestamp, blocks }: SpokenLine,
): readonly TakenWords[] {
  if (isSidechain === true || type === 'attachment') return []
  if (speaker === 'assistant') return queue.answered(timestamp)
  // A summary quotes what was said.
  if (isMeta === true || isCompactSummary === true) return []
  const isSaid = blocks.some((block) => isJsonObject(block) && block.type === 'text')
  if (isSaid) queue.arrived(wordsOf([...blocks]), timestamp)
  return []
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
