import * as z from 'zod'
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

/**
 * This server begins to make a summary, or is done with it. It is nowhere on disk; a summary that was made has an event of
 * its own. Those of provider batches are durable.
 */
export const compressionEventSchema = z.object({
  type: z.enum(['compression.started', 'compression.completed']),
  workstream_id: workstreamIdSchema,
  /** A session that ended, the earlier part of one that runs, or the session summaries of the workstream. */
  kind: z.enum(['session', 'rolling', 'workstream']),
  session_id: z.string().nullable(),
  /** `session_end`, `max_history`, `token_threshold`, `startup`, `manual` or `degraded_retry`. */
  reason: z.string(),
  /** At its end: what was made, or null. */
  summary_id: z.string().nullable().optional(),
  /** At its end: why nothing was made, such as `not_smaller`, `stopped` or the code of an error; else null. */
  problem: z.string().nullable().optional(),
})
export type CompressionEvent = z.infer<typeof compressionEventSchema>

/** What the feed of a workstream, or of everything, consists of. */
export const feedEventSchema = z.union([deltaEventSchema, durableEventSchema, compressionEventSchema])
export type FeedEvent = z.infer<typeof feedEventSchema>

/** The others pass by: they have no place, and whoever was not there does not hear them. */
export function isDurable(event: FeedEvent): event is DurableEvent {
  return 'id' in event
}

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
