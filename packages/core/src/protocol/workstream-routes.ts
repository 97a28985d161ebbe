import * as z from 'zod'
import { workstreamIdSchema } from '../id.js'
import { metadataSchema } from '../message.js'
import { sessionSchema } from '../session.js'
import { defaultModelSchema, tagsSchema, titleSchema, workstreamSchema, workstreamStateSchema } from '../workstream.js'
import { flagSchema, listOf, pageLimitSchema, refParams } from './common.js'
import { route } from './route.js'
import { standsElsewhereSchema, trashedSchema } from './trashed.js'

const fields = {
  title: titleSchema.nullable().optional(),
  /** Another word for `title`. */
  name: titleSchema.nullable().optional(),
  default_model: defaultModelSchema.nullable().optional(),
  tags: tagsSchema.optional(),
  metadata: metadataSchema.optional(),
}

const found = ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'] as const

function changeOfState(path: string, summary: string) {
  return route({
    method: 'POST',
    path: `/workstreams/:ref/${path}`,
    summary,
    about: 'workstreams',
    params: refParams,
    status: 200,
    answer: workstreamSchema,
    errors: [...found, 'STATE_CHANGE_REFUSED', 'WORKSTREAM_ARCHIVED'],
  })
}

export const workstreamRoutes = {
  createWorkstream: route({
    method: 'POST',
    path: '/workstreams',
    summary: 'Makes a workstream',
    about: 'workstreams',
    body: z.strictObject({ id: workstreamIdSchema.optional(), ...fields }),
    keyed: true,
    status: 201,
    answer: workstreamSchema,
    errors: ['WORKSTREAM_EXISTS', 'IDEMPOTENCY_KEY_REUSED'],
  }),
  listWorkstreams: route({
    method: 'GET',
    path: '/workstreams',
    summary: 'Workstreams, the last used ones first; without archived ones unless asked for',
    about: 'workstreams',
    query: z.strictObject({
      state: z.union([workstreamStateSchema, z.literal('all')]).optional(),
      tag: z.string().max(200).optional(),
      /** Part of the title. */
      q: z.string().max(200).optional(),
      limit: pageLimitSchema,
      after: z.string().max(1_000).optional(),
    }),
    status: 200,
    answer: listOf(workstreamSchema),
    errors: [],
  }),
  getWorkstream: route({
    method: 'GET',
    path: '/workstreams/:ref',
    summary: 'A workstream with its active session; `ETag` names its version',
    about: 'workstreams',
    params: refParams,
    status: 200,
    answer: workstreamSchema.extend({ active_session: sessionSchema.nullable() }),
    errors: found,
  }),
  updateWorkstream: route({
    method: 'PATCH',
    path: '/workstreams/:ref',
    summary: 'Changes what is given; null empties a field. With `If-Match` only that version',
    about: 'workstreams',
    params: refParams,
    body: z.strictObject({ ...fields, state: workstreamStateSchema.optional() }),
    status: 200,
    answer: workstreamSchema,
    errors: [...found, 'WORKSTREAM_ARCHIVED', 'STATE_CHANGE_REFUSED', 'PRECONDITION_FAILED'],
  }),
  deleteWorkstream: route({
    method: 'DELETE',
    path: '/workstreams/:ref',
    summary: 'Archives a workstream; with `purge=true` moves it to the trash',
    about: 'workstreams',
    params: refParams,
    query: z.strictObject({ purge: flagSchema.default(false) }),
    status: 200,
    answer: workstreamSchema.extend({
      /** With `purge`: what it is in the trash, and what of it is in other workstreams. */
      purged: z.object({ trashed: trashedSchema, elsewhere: standsElsewhereSchema }).optional(),
    }),
    errors: [...found, 'STATE_CHANGE_REFUSED', 'WORKSTREAM_ARCHIVED'],
  }),
  pauseWorkstream: changeOfState('pause', 'Takes messages on, runs no background duties'),
  resumeWorkstream: changeOfState('resume', 'Ends a pause'),
  archiveWorkstream: changeOfState('archive', 'Makes a workstream read-only'),
  unarchiveWorkstream: changeOfState('unarchive', 'Makes it writable again'),
  forkWorkstream: route({
    method: 'POST',
    path: '/workstreams/:ref/fork',
    summary: 'Copies a workstream up to and including a message into a new one',
    about: 'workstreams',
    params: refParams,
    body: z.strictObject({
      /** Id or sequence; by default the last message. */
      message: z.union([z.int().nonnegative(), z.string().min(1).max(200)]).optional(),
      title: titleSchema.nullable().optional(),
      id: workstreamIdSchema.optional(),
    }),
    status: 201,
    answer: workstreamSchema,
    errors: [...found, 'MESSAGE_NOT_FOUND', 'WORKSTREAM_EXISTS'],
  }),
}
