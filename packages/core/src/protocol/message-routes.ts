import * as z from 'zod'
import { recordIdSchema, workstreamIdSchema } from '../id.js'
import { authorSchema, metadataSchema, readMessageSchema, roleSchema } from '../message.js'
import { turnSchema } from '../turn.js'
import { workstreamSchema } from '../workstream.js'
import { flagSchema, listOf, messagePlaceSchema, pageLimitSchema, referenceSchema, refParams } from './common.js'
import { route } from './route.js'
import { spokenSchema, turnFields } from './spoken.js'

const found = ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'] as const
const written = [...found, 'WORKSTREAM_ARCHIVED', 'LOG_LINE_TOO_LONG', 'IDEMPOTENCY_KEY_REUSED'] as const
const asked = ['WORKSTREAM_BUSY', 'MODEL_PROFILE_UNKNOWN', 'MODEL_KEY_MISSING', 'CONTEXT_TOO_LARGE'] as const

/** How a turn ended, with all its messages, the user's first. */
export const turnAnswerSchema = z.object({ turn: turnSchema, messages: z.array(readMessageSchema) })

export const messageRoutes = {
  addMessage: route({
    method: 'POST',
    path: '/workstreams/:ref/messages',
    summary: 'Stores a message; with `respond` a model answers it in a turn',
    about: 'messages',
    params: refParams,
    body: z.strictObject({
      content: z.string(),
      /** `user` by default. Only a user message can be responded to. */
      role: roleSchema.exclude(['agent_push']).optional(),
      author: authorSchema.optional(),
      interaction_id: recordIdSchema.optional(),
      metadata: metadataSchema.optional(),
      respond: z.boolean().default(false),
      ...turnFields,
    }),
    keyed: true,
    status: 201,
    answer: z.union([readMessageSchema, turnAnswerSchema]),
    stream: 'text/event-stream',
    errors: [...written, ...asked],
  }),
  listMessages: route({
    method: 'GET',
    path: '/workstreams/:ref/messages',
    summary: 'Messages, ascending; without `after`, `before` or `around` the newest',
    about: 'messages',
    params: refParams,
    query: z.strictObject({
      limit: pageLimitSchema,
      after: messagePlaceSchema.optional(),
      before: messagePlaceSchema.optional(),
      around: messagePlaceSchema.optional(),
      /** `desc`: the newest of the page first. */
      order: z.enum(['asc', 'desc']).default('asc'),
      /** Also those that were moved to other workstreams. */
      include_promoted: flagSchema.optional(),
    }),
    status: 200,
    answer: listOf(readMessageSchema).extend({ has_older: z.boolean(), has_newer: z.boolean() }),
    errors: [...found, 'MESSAGE_NOT_FOUND'],
  }),
  pushMessage: route({
    method: 'POST',
    path: '/workstreams/:ref/push',
    summary: 'A message of an agent or a background job',
    about: 'messages',
    params: refParams,
    body: z.strictObject({
      content: spokenSchema,
      author: authorSchema.optional(),
      metadata: metadataSchema.optional(),
    }),
    keyed: true,
    status: 201,
    answer: readMessageSchema,
    errors: written,
  }),
  chat: route({
    method: 'POST',
    path: '/chat',
    summary: 'A turn in a workstream, or in scratch when none is named',
    about: 'messages',
    body: z.strictObject({
      message: spokenSchema,
      /** An id, a title or part of an id. */
      workstream_id: referenceSchema.optional(),
      author: authorSchema.optional(),
      metadata: metadataSchema.optional(),
      ...turnFields,
    }),
    keyed: true,
    status: 200,
    answer: turnAnswerSchema,
    stream: 'text/event-stream',
    errors: [...written, ...asked],
  }),
  getTurn: route({
    method: 'GET',
    path: '/workstreams/:ref/turns/:turn',
    summary: 'A turn; as events from its beginning with `Accept: text/event-stream`',
    about: 'messages',
    params: refParams.extend({ turn: recordIdSchema }),
    status: 200,
    answer: turnAnswerSchema,
    stream: 'text/event-stream',
    errors: [...found, 'TURN_NOT_FOUND'],
  }),
  cancelTurn: route({
    method: 'POST',
    path: '/workstreams/:ref/turns/:turn/cancel',
    summary: 'Stops a turn of this server, `running` the one that runs; what came until then is kept',
    about: 'messages',
    params: refParams.extend({ turn: recordIdSchema }),
    status: 200,
    answer: z.object({ cancelled: z.boolean() }),
    errors: found,
  }),
  promoteScratch: route({
    method: 'POST',
    path: '/workstreams/:ref/promote',
    summary: 'Moves messages out of scratch into this workstream; for `scratch` itself into a new one with `title`',
    about: 'messages',
    params: refParams,
    body: z.strictObject({
      title: z.string().trim().min(1).max(200).optional(),
      /** By default the active one of scratch. */
      session: recordIdSchema.optional(),
      messages: z
        .strictObject({
          first: z.union([z.int().nonnegative(), recordIdSchema]),
          last: z.union([z.int().nonnegative(), recordIdSchema]),
        })
        .optional(),
    }),
    keyed: true,
    status: 200,
    answer: z.object({
      id: z.string(),
      workstream_id: workstreamIdSchema,
      /** Where they are now. */
      workstream: workstreamSchema,
      messages: z.int(),
    }),
    errors: [...written, 'NOTHING_TO_PROMOTE', 'SESSION_NOT_ACTIVE', 'SESSION_NOT_FOUND', 'MESSAGE_NOT_FOUND'],
  }),
}
