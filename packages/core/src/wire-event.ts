import { z } from 'zod'
import { workstreamIdSchema } from './id.js'
import { readMessageSchema } from './message.js'
import { turnSchema } from './turn.js'
import { workstreamSchema } from './workstream.js'
import type { WorkstreamEvent } from './workstream-event.js'

/** What has a place in the logs. `id` resumes behind it, after any restart, for ever. */
export const durableEventSchema = z.object({
  id: z.string(),
  /** `message.created`, `session.opened`, `turn.completed` and so on. */
  type: z.custom<WorkstreamEvent['type']>((type) => typeof type === 'string').meta({ type: 'string' }),
  workstream_id: workstreamIdSchema,
  stamp: z.int(),
  /** With `message.created`. */
  message: readMessageSchema.optional(),
  /** With all others: the line of the log. */
  record: z.looseObject({ type: z.string() }).optional(),
})
export type DurableEvent = z.infer<typeof durableEventSchema>

/**
 * A piece of an answer that is being given. It is nowhere on disk; the `message.created` behind it has the whole text. A
 * slow reader gets fewer and longer ones.
 */
export const deltaEventSchema = z.object({
  type: z.literal('turn.delta'),
  workstream_id: workstreamIdSchema,
  interaction_id: z.string(),
  text: z.string(),
  /** This is the text from its beginning, and takes the place of what was heard of it before. */
  so_far: z.literal(true).optional(),
})
export type DeltaEvent = z.infer<typeof deltaEventSchema>

/** What the feed of a workstream, or of everything, consists of. */
export const feedEventSchema = z.union([deltaEventSchema, durableEventSchema])
export type FeedEvent = z.infer<typeof feedEventSchema>

/** What a turn that was asked for with `stream` consists of, in order; the last one says how it ended. */
export const turnStreamEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('turn.started'),
    /** In which it runs. */
    workstream_id: workstreamIdSchema,
    interaction_id: z.string(),
    message: readMessageSchema,
  }),
  z.object({ type: z.literal('turn.delta'), text: z.string() }),
  z.object({ type: z.literal('message.created'), message: readMessageSchema }),
  z.object({ type: z.literal('turn.promoted'), id: z.string(), workstream: workstreamSchema, messages: z.int() }),
  z.object({ type: z.enum(['turn.completed', 'turn.failed', 'turn.cancelled']), turn: turnSchema }),
])
export type TurnStreamEvent = z.infer<typeof turnStreamEventSchema>
