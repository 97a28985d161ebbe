import * as z from 'zod'
import { recordIdSchema, workstreamIdSchema } from './id.js'
import { timestampSchema } from './message.js'

export const sessionStatusSchema = z.enum(['active', 'ended', 'timed_out'])
export type SessionStatus = z.infer<typeof sessionStatusSchema>

/** Why a session ended. `superseded`: another one was opened without closing it first. */
export const sessionEndReasonSchema = z.enum(['requested', 'idle', 'shutdown', 'promoted', 'imported', 'superseded'])
export type SessionEndReason = z.infer<typeof sessionEndReasonSchema>

/** A run of turns between silences. */
export const sessionSchema = z.object({
  id: recordIdSchema,
  workstream_id: workstreamIdSchema,
  started_at: timestampSchema,
  ended_at: timestampSchema.nullable(),
  status: sessionStatusSchema,
  /** A text written by another version may name a reason that this one does not know. */
  reason: z.string().nullable(),
  /** When something was last committed to it; the idle time counts from here. */
  last_activity_at: timestampSchema,
  turn_count: z.int().nonnegative(),
  message_count: z.int().nonnegative(),
  summary: z.string().nullable(),
})
export type Session = z.infer<typeof sessionSchema>
