import * as z from 'zod'
import { workstreamIdSchema } from '../id.js'
import { forkOriginSchema } from '../workstream.js'

/** A workstream in the trash. */
export const trashedSchema = z.object({
  /** Names it in the trash; sorts by time. */
  name: z.string(),
  workstream_id: workstreamIdSchema,
  /** When it was moved there, milliseconds since 1970. */
  trashed_at_ms: z.number(),
  bytes: z.int(),
})

export const trashEntrySchema = trashedSchema.extend({ title: z.string().nullable() })

const promotedMessagesSchema = z.object({ workstream_id: workstreamIdSchema, messages: z.int() })

/** What of a workstream is in others, whatever becomes of it. */
export const standsElsewhereSchema = z.object({
  promoted_to: z.array(promotedMessagesSchema),
  promoted_from: z.array(promotedMessagesSchema),
  forks: z.array(workstreamIdSchema),
  forked_from: forkOriginSchema.nullable(),
})
