import * as z from 'zod'
import { recordIdSchema } from './id.js'
import { fitsDepth, MAX_GIVEN_DEPTH } from './json.js'

export const roleSchema = z.enum(['user', 'assistant', 'system', 'tool_use', 'tool_result', 'agent_push'])
export type Role = z.infer<typeof roleSchema>

/** Any ISO 8601 instant; what we write ourselves has milliseconds and `Z`. */
export const timestampSchema = z.iso.datetime({ offset: true })

/** An object of JSON values; never a string of JSON. */
export const metadataSchema = z.record(
  z.string(),
  z
    .unknown()
    .refine((value) => fitsDepth(value, MAX_GIVEN_DEPTH), 'is nested too deep')
    .pipe(z.json()),
)
export type Metadata = z.infer<typeof metadataSchema>

export const idempotencySchema = z.looseObject({
  key: z.string().min(1).max(255),
  request_hash: z.string().min(1).max(128),
})
export type Idempotency = z.infer<typeof idempotencySchema>

/** Who pushed a message, or who of several people wrote it, as a caller gives it. */
export const authorSchema = z.string().trim().min(1).max(200)

/** What a message says, without where it stands. */
export const messageSchema = z.looseObject({
  id: recordIdSchema,
  session_id: recordIdSchema,
  /** When it was said; an import keeps the time of its source. */
  timestamp: timestampSchema,
  role: roleSchema,
  content: z.string(),
  /** Who pushed it, or who of several people wrote it. */
  author: z.string().min(1).max(200).optional(),
  /** The turn it belongs to. */
  interaction_id: recordIdSchema.optional(),
  idempotency: idempotencySchema.optional(),
  /** A tool call has `tool_call_id`, `tool_name`, `arguments`; its result `tool_call_id`, `is_error`. */
  metadata: metadataSchema.optional(),
})

/**
 * A message as it is read: the record of its log, with its 1-based position there. A hand-written line is completed:
 * it gets an id, a session and a stamp.
 */
export const readMessageSchema = messageSchema.extend({
  v: z.int(),
  stamp: z.int(),
  sequence: z.int().positive(),
})
export type Message = z.infer<typeof readMessageSchema>
