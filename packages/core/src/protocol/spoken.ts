import * as z from 'zod'
import { defaultModelSchema } from '../workstream.js'

export const spokenSchema = z.string().refine((text) => text.trim() !== '', { error: 'a message says something' })

/** How a turn is begun. */
export const turnFields = {
  /** A profile of the settings, or `profile/model`; by default what the workstream says. */
  model: defaultModelSchema.optional(),
  /** While another turn runs: `reject`, the default, or `queue`, to wait for it. */
  if_busy: z.enum(['reject', 'queue']).optional(),
  /** The turn as events while it runs, instead of one answer when it is over. */
  stream: z.boolean().default(false),
}
