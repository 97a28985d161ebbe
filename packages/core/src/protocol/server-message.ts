import * as z from 'zod'
import { errorAnswerSchema } from '../error-answer.js'
import { recordIdSchema, workstreamIdSchema } from '../id.js'
import { readMessageSchema } from '../message.js'

const answered = { type: z.literal('accepted'), request_id: z.string().optional() }

/** What was asked for is done, or has begun. `replayed`: nothing was done, it is what the same key did before. */
export const acceptedSchema = z.discriminatedUnion('what', [
  z.object({ ...answered, what: z.literal('authenticate') }),
  /** All that is said from here on is told. null: everything is followed. */
  z.object({ ...answered, what: z.literal('subscribe'), workstream_id: workstreamIdSchema.nullable() }),
  z.object({
    ...answered,
    what: z.literal('chat'),
    workstream_id: workstreamIdSchema,
    session_id: recordIdSchema,
    interaction_id: recordIdSchema,
    /** The user's, on disk. */
    message: readMessageSchema,
    replayed: z.boolean(),
  }),
  z.object({ ...answered, what: z.literal('push'), message: readMessageSchema, replayed: z.boolean() }),
  z.object({ ...answered, what: z.literal('cancel'), cancelled: z.boolean() }),
])

/** What was asked for was not done. Without a `request_id` of the client's, that of the error names the connection. */
export const refusedSchema = errorAnswerSchema.extend({ type: z.literal('error'), request_id: z.string().optional() })

export const pongSchema = z.object({ type: z.literal('pong'), request_id: z.string().optional() })
