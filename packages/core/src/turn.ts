import * as z from 'zod'
import { recordIdSchema, workstreamIdSchema } from './id.js'
import { metadataSchema, timestampSchema } from './message.js'

/**
 * - `ok`: the model has answered
 * - `error`: it failed; what it had said until then is kept
 * - `cancelled`: somebody stopped it
 * - `interrupted`: its process died
 */
export const turnEndSchema = z.enum(['ok', 'error', 'cancelled', 'interrupted'])
export type TurnEnd = z.infer<typeof turnEndSchema>

export const turnStatusSchema = z.enum(['running', ...turnEndSchema.options])
export type TurnStatus = z.infer<typeof turnStatusSchema>

/** A user message to a model, and all that answers it. Messages name it by its `interaction_id`. */
export const turnSchema = z.object({
  interaction_id: recordIdSchema,
  workstream_id: workstreamIdSchema,
  session_id: recordIdSchema,
  /** The message that began it: a user's, or the result of a call that the caller has run. */
  message_id: recordIdSchema,
  status: turnStatusSchema,
  /** Name of the `run/` lock that its process holds while it lives. */
  owner: z.string(),
  started_at: timestampSchema,
  ended_at: timestampSchema.nullable(),
  /** `profile/model` that answered. */
  model: z.string().nullable(),
  usage: metadataSchema.nullable(),
  /** What all calls of the model have cost, in US dollars, where it is known of each of them. */
  cost_usd: z.number().nonnegative().nullable(),
  /** Code of what went wrong. */
  error: z.string().nullable(),
  /** What went wrong, in a line for people: nobody reads it to decide. */
  error_message: z.string().nullable(),
})
export type Turn = z.infer<typeof turnSchema>
