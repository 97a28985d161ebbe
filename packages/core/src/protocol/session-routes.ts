import * as z from 'zod'
import { recordIdSchema } from '../id.js'
import { sessionSchema } from '../session.js'
import { listOf, pageLimitSchema, refParams } from './common.js'
import { route } from './route.js'

const found = ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'] as const
const sessionParams = refParams.extend({ session: recordIdSchema })

export const sessionRoutes = {
  listSessions: route({
    method: 'GET',
    path: '/workstreams/:ref/sessions',
    summary: 'Sessions, the oldest first',
    about: 'sessions',
    params: refParams,
    query: z.strictObject({
      limit: pageLimitSchema,
      after: z.string().max(1_000).optional(),
      order: z.enum(['asc', 'desc']).default('asc'),
    }),
    status: 200,
    answer: listOf(sessionSchema),
    errors: found,
  }),
  startSession: route({
    method: 'POST',
    path: '/workstreams/:ref/sessions',
    summary: 'Begins a session; the active one, if any, ends',
    about: 'sessions',
    params: refParams,
    status: 201,
    answer: sessionSchema,
    errors: [...found, 'WORKSTREAM_ARCHIVED'],
  }),
  getSession: route({
    method: 'GET',
    path: '/workstreams/:ref/sessions/:session',
    summary: 'A session',
    about: 'sessions',
    params: sessionParams,
    status: 200,
    answer: sessionSchema,
    errors: [...found, 'SESSION_NOT_FOUND'],
  }),
  endSession: route({
    method: 'POST',
    path: '/workstreams/:ref/sessions/:session/end',
    summary: 'Ends a session; `active` stands for the one that is',
    about: 'sessions',
    params: sessionParams,
    status: 200,
    answer: sessionSchema,
    errors: [...found, 'SESSION_NOT_FOUND', 'SESSION_NOT_ACTIVE', 'WORKSTREAM_ARCHIVED'],
  }),
}
