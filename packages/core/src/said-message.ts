import * as z from 'zod'
import { authorSchema } from './message.js'

/** A message as a caller tells it who keeps a conversation, too: without ids, times, and what went on behind its back. */
export const saidMessageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content: z.string(), author: authorSchema.optional() }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string(),
    /** Of tools that the caller runs. */
    calls: z
      .array(z.strictObject({ id: z.string().min(1).max(200), name: z.string().min(1).max(200), arguments: z.json() }))
      .optional(),
  }),
  /** What one of those calls gave. */
  z.strictObject({ role: z.literal('tool'), call_id: z.string().min(1).max(200), content: z.string() }),
])
export type SaidMessage = z.infer<typeof saidMessageSchema>
