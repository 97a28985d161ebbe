import * as z from 'zod'
import { recordIdSchema, workstreamIdSchema } from './id.js'
import { metadataSchema, timestampSchema } from './message.js'

export const workstreamStateSchema = z.enum(['active', 'paused', 'archived'])
export type WorkstreamState = z.infer<typeof workstreamStateSchema>

export const titleSchema = z.string().trim().min(1).max(200)
export const tagsSchema = z.array(z.string().trim().min(1).max(64)).max(64)
export const defaultModelSchema = z.string().trim().min(1).max(200)

/** Of what a fork is a copy. It says nothing of whether that is still there. */
export const forkOriginSchema = z.looseObject({
  workstream_id: workstreamIdSchema,
  /** The last message that was copied; null when there was none. */
  message_id: recordIdSchema.nullable(),
})
export type ForkOrigin = z.infer<typeof forkOriginSchema>

/** A conversation that outlives the process, the day and the model. */
export const workstreamSchema = z.object({
  id: workstreamIdSchema,
  title: z.string().nullable(),
  summary: z.string().nullable(),
  is_scratch: z.boolean(),
  state: workstreamStateSchema,
  /** Name of the model profile that its turns use; null: the one of the settings. */
  default_model: z.string().nullable(),
  tags: z.array(z.string()),
  metadata: metadataSchema,
  /** null: it is no fork. */
  forked_from: forkOriginSchema.nullable(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  last_message_at: timestampSchema.nullable(),
  message_count: z.int().nonnegative(),
})
export type Workstream = z.infer<typeof workstreamSchema>
