import * as z from 'zod'
import { plainMessage } from './decode/plain-message.js'
import { recordIdSchema } from './id.js'
import { fitsDepth, MAX_GIVEN_DEPTH } from './json.js'
import { messageSchema } from './message.js'
import {
  FORMAT_VERSION,
  type LogName,
  type LogRecord,
  type SessionsLogRecord,
  sessionsLogRecordSchema,
  type WorkstreamLogRecord,
  workstreamLogRecordSchema,
} from './record.js'
import { stampSchema } from './stamp.js'

/** Why a line of a log is passed over. It stays in the log; the index counts it. */
export type SkipReason = 'invalid_json' | 'blank_line' | 'unsupported_version' | 'unknown_type' | 'invalid_record'

const loggedMessageSchema = messageSchema.extend({
  v: z.literal(FORMAT_VERSION).optional(),
  id: recordIdSchema.optional(),
  session_id: recordIdSchema.optional(),
  stamp: stampSchema.optional(),
})

/** A line of messages.jsonl as it stands. One written by hand may lack everything but what it says. */
export type LoggedMessage = z.infer<typeof loggedMessageSchema>

export type DecodedLine =
  | { readonly kind: 'message'; readonly message: LoggedMessage }
  | { readonly kind: 'record'; readonly record: WorkstreamLogRecord | SessionsLogRecord }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

const otherLogs = { workstream: workstreamLogRecordSchema, sessions: sessionsLogRecordSchema }
const knownTypes = new Set<unknown>(
  [...workstreamLogRecordSchema.options, ...sessionsLogRecordSchema.options].map((o) => o.shape.type.value),
)

/** The text of one line, without LF. JSON escapes whatever would break a line. */
export function encodeLine(record: LogRecord): string {
  return JSON.stringify(record)
}

/** Reads one line of a log. Total: any text gives an answer. CR at the end and a byte order mark are passed over. */
export function decodeLine(log: LogName, text: string): DecodedLine {
  const json = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return skipped(json.trim() === '' ? 'blank_line' : 'invalid_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return skipped('invalid_record')
  if ('v' in value && value.v !== FORMAT_VERSION) return skipped('unsupported_version')
  if (log === 'messages') {
    const plain = plainMessage(value)
    if (plain !== undefined) return { kind: 'message', message: plain }
    if ('type' in value) return skipped('unknown_type')
    if (!fitsDepth(value, MAX_LINE_DEPTH)) return skipped('invalid_record')
    const parsed = loggedMessageSchema.safeParse(value)
    return parsed.success ? { kind: 'message', message: parsed.data } : skipped('invalid_record')
  }
  if (!('type' in value) || !knownTypes.has(value.type)) return skipped('unknown_type')
  if (!fitsDepth(value, MAX_LINE_DEPTH)) return skipped('invalid_record')
  const parsed = otherLogs[log].safeParse(value)
  return parsed.success ? { kind: 'record', record: parsed.data } : skipped('invalid_record')
}

const BYTE_ORDER_MARK = 0xfeff
// What is around the values of metadata: the line, its fields, and room for what later versions may write.
const MAX_LINE_DEPTH = MAX_GIVEN_DEPTH + 8

function skipped(reason: SkipReason): DecodedLine {
  return { kind: 'skipped', reason }
}
