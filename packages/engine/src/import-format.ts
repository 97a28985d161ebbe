/** Reads conversations out of other tools' files. */

import { WorkstreamError } from '@arawn/core/error'
import type { ImportedMessage } from '@arawn/core/import-source'
import { MAX_LINE_BYTES } from '@arawn/core/log-store'
import { readClaudeCode } from './format/claude-code/read-claude-code.js'
import { type JsonLine, readJsonLines } from './format/json-lines.js'
import { isJsonObject, parseJson } from './format/json-value.js'
import { readOpenAi } from './format/openai/read-openai.js'
import { readPlainLines } from './format/read-plain-lines.js'
import { createSkips, type Skips } from './format/skips.js'
import type { ImportedConversation } from './imported-conversation.js'

/**
 * - `claude-code`: a session transcript, one event a line
 * - `openai`: chat JSONL, one conversation a line: `{"messages":[…]}`
 * - `jsonl`: one message a line: `{"role","content","timestamp"}`, as in our own messages.jsonl
 */
export type ImportFormat = 'claude-code' | 'openai' | 'jsonl'

export interface ImportFile {
  readonly format: ImportFormat
  /** All of the file. */
  readonly text: string
  /** Its absolute path; names the conversation in formats that have no ids. */
  readonly location: string
}

/**
 * Tells the format of a file by its first lines; undefined when none of them says.
 *
 * @param firstLines whole lines; what is no JSON among them is passed over
 */
export function detectImportFormat(firstLines: readonly string[]): ImportFormat | undefined {
  for (const line of firstLines) {
    const value = parseJson(line.startsWith('\ufeff') ? line.slice(1) : line)
    if (!isJsonObject(value)) continue
    if (Array.isArray(value.messages)) return 'openai'
    if (typeof value.role === 'string' && typeof value.content === 'string') return 'jsonl'
    if (typeof value.type === 'string' && CLAUDE_CODE_FIELDS.some((field) => field in value)) return 'claude-code'
  }
  return undefined
}

const CLAUDE_CODE_FIELDS = ['sessionId', 'uuid', 'messageId', 'leafUuid', 'message']

/**
 * Reads a whole file. Lines that cannot be read, such as a half-written last one, are counted as
 * `skipped.invalid_line`; in a file of several conversations the last one counts them. A message that is too long for
 * a line of our logs is counted as `skipped.too_long`: nobody can split a transcript, and the rest of it is good.
 *
 * @returns at least one conversation, each with at least one message
 * @throws IMPORT_UNREADABLE nothing in the file is a message; `details.problem` names the first line that does not fit;
 * `details.isEmpty` when all of them do
 */
export function parseConversations({ format, text, location }: ImportFile): ImportedConversation[] {
  const skips = createSkips()
  const lines = readJsonLines(text, skips)
  const conversations = readers[format](lines, location, skips)
    .map(withoutTooLong)
    .filter(({ messages }) => messages.length > 0)
  const last = conversations.pop()
  if (last === undefined) throw unreadable(location, format, lines, skips)
  return [...conversations, { ...last, skipped: sum(last.skipped, skips.counts()) }]
}

type Reader = (lines: readonly JsonLine[], location: string, skips: Skips) => ImportedConversation[]

const readers: Record<ImportFormat, Reader> = {
  'claude-code': readClaudeCode,
  openai: readOpenAi,
  jsonl: readPlainLines,
}

function withoutTooLong(conversation: ImportedConversation): ImportedConversation {
  const messages = conversation.messages.filter(fitsLine)
  const tooLong = conversation.messages.length - messages.length
  if (tooLong === 0) return conversation
  return { ...conversation, messages, skipped: sum(conversation.skipped, { too_long: tooLong }) }
}

function fitsLine(message: ImportedMessage): boolean {
  const json = JSON.stringify(message)
  // A UTF-16 unit is at most 3 bytes.
  return json.length * 3 <= MAX_MESSAGE_BYTES || new TextEncoder().encode(json).byteLength <= MAX_MESSAGE_BYTES
}

// The line also says its session, its source and its place: ids of up to 4,096 characters.
const MAX_MESSAGE_BYTES = MAX_LINE_BYTES - 32 * 1024

function unreadable(file: string, format: ImportFormat, lines: readonly JsonLine[], { firstBadLine }: Skips) {
  const nothing = lines.length === 0 ? 'the file is empty' : `no line holds a message of the format ${format}`
  const problem = firstBadLine ?? nothing
  const isEmpty = firstBadLine === undefined
  return new WorkstreamError('IMPORT_UNREADABLE', `${file}: ${problem}`, { file, problem, isEmpty })
}

function sum(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const total = createSkips()
  for (const [what, count] of [...Object.entries(a), ...Object.entries(b)]) total.add(what, count)
  return { ...total.counts() }
}
