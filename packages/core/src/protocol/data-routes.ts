import * as z from 'zod'
import { recordIdSchema, workstreamIdSchema } from '../id.js'
import { readMessageSchema, roleSchema, timestampSchema } from '../message.js'
import { flagSchema, listOf, pageLimitSchema, referenceSchema, refParams } from './common.js'
import { route } from './route.js'

const found = ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'] as const

const eventsQuery = z.strictObject({
  /** The `id` of an event, or a stamp: what has it lies before. 0 stands for the beginning. `Last-Event-ID` says the same. */
  since: z.string().min(1).max(200).optional(),
})

const searchSchema = z.strictObject({
  q: z.string().max(10_000),
  workstream: referenceSchema.optional(),
  session: recordIdSchema.optional(),
  role: roleSchema.optional(),
  author: z.string().min(1).max(200).optional(),
  since: timestampSchema.optional(),
  until: timestampSchema.optional(),
  order: z.enum(['relevance', 'newest']).default('relevance'),
  include_promoted: flagSchema.optional(),
  limit: pageLimitSchema,
  after: z.string().max(100_000).optional(),
  /** How long to make messages searchable before the answer, milliseconds; 250 by default. */
  within_ms: z.coerce.number<number | string>().int().min(0).max(10_000).optional(),
})

const foundSchema = listOf(
  z.object({
    message: readMessageSchema,
    workstream_id: workstreamIdSchema,
    /** A passage on one line. */
    snippet: z.string(),
    /** What was found in it: UTF-16 offsets, ascending. */
    highlights: z.array(z.tuple([z.int(), z.int()])),
    /** Not in the order `newest`. */
    score: z.number().optional(),
    /** It says some of the words only, or stands beside messages that do. */
    partial: z.literal(true).optional(),
  }),
).extend({
  /** False when some messages could not be looked at yet. */
  complete: z.boolean(),
  /** The query has no words. */
  nothing_asked: z.literal(true).optional(),
})

/** What goes through everything: search, events and models. */
export const dataRoutes = {
  searchMessages: route({
    method: 'GET',
    path: '/search',
    summary: 'Messages by what they say: words, "a phrase", prefix*, -without, OR',
    about: 'search',
    query: searchSchema,
    status: 200,
    answer: foundSchema,
    errors: found,
  }),
  searchLong: route({
    method: 'POST',
    path: '/search',
    summary: 'The same with all of it in the body, for what is too long for an address',
    about: 'search',
    body: searchSchema,
    reads: true,
    status: 200,
    answer: foundSchema,
    errors: found,
  }),
  followWorkstream: route({
    method: 'GET',
    path: '/workstreams/:ref/events',
    summary: 'What happens in a workstream, from `since` on, as server-sent events',
    about: 'events',
    params: refParams,
    query: eventsQuery,
    status: 200,
    answer: undefined,
    stream: 'text/event-stream',
    errors: found,
  }),
  follow: route({
    method: 'GET',
    path: '/events',
    summary: 'What happens everywhere, from `since` on, as server-sent events',
    about: 'events',
    query: eventsQuery,
    status: 200,
    answer: undefined,
    stream: 'text/event-stream',
    errors: [],
  }),
  listModels: route({
    method: 'GET',
    path: '/models',
    summary: 'The models that can be asked, the default first',
    about: 'administration',
    status: 200,
    answer: listOf(
      z.object({
        profile: z.string(),
        provider: z.string(),
        model: z.string(),
        is_default: z.boolean(),
        /** Why it cannot be used now. */
        problem: z.string().nullable(),
      }),
    ),
    errors: [],
  }),
}
