import * as z from 'zod'
import { recordIdSchema, workstreamIdSchema } from '../id.js'
import { readMessageSchema } from '../message.js'
import { turnSchema } from '../turn.js'
import { listOf, referenceSchema, refParams } from './common.js'
import { route } from './route.js'

const found = ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'] as const

/** Turns that are not over, or did not end well. */
export const turnRoutes = {
  listRunningTurns: route({
    method: 'GET',
    path: '/turns',
    summary: 'Turns that run in this server, the oldest first',
    about: 'messages',
    query: z.strictObject({ workstream: referenceSchema.optional() }),
    status: 200,
    answer: listOf(
      z.object({
        workstream_id: workstreamIdSchema,
        session_id: recordIdSchema,
        interaction_id: recordIdSchema,
        /** The user's, which began it. */
        message: readMessageSchema,
      }),
    ),
    errors: found,
  }),
  listFailedTurns: route({
    method: 'GET',
    path: '/workstreams/:ref/turns/failed',
    summary: 'Turns without a whole answer (failed, stopped, cut off), the newest first',
    about: 'messages',
    params: refParams,
    query: z.strictObject({ limit: z.coerce.number<number | string>().int().min(1).max(1_000).default(20) }),
    status: 200,
    answer: listOf(turnSchema),
    errors: found,
  }),
}
