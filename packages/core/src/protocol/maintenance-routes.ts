import * as z from 'zod'
import { recordIdSchema, workstreamIdSchema } from '../id.js'
import { roleSchema, timestampSchema } from '../message.js'
import { logNames } from '../record.js'
import { sessionSchema, sessionStatusSchema } from '../session.js'
import { workstreamStateSchema } from '../workstream.js'
import { listOf, referenceSchema } from './common.js'
import { route } from './route.js'

const logNameSchema = z.enum(logNames)

/** How many there are of each kind, and together. */
function countsOf<Kind extends string>(kinds: readonly Kind[]) {
  return z.record(z.enum<('total' | Kind)[]>(['total', ...kinds]), z.int())
}

const progressSchema = z.object({ messages_done: z.int(), messages_total: z.int() })

const verifyReportSchema = z.object({
  ok: z.boolean(),
  workstreams: z.int(),
  messages: z.int(),
  /** Lines that are passed over, repeated ids and the like: counted, harmless. */
  anomalies: z.array(
    z.object({ workstream_id: workstreamIdSchema, log: logNameSchema, sequence: z.int(), kind: z.string() }),
  ),
  /** Each one a sentence with what to do; empty when all is well. */
  problems: z.array(z.object({ workstream_id: z.string().nullable(), kind: z.string(), problem: z.string() })),
  search: progressSchema,
  /** Torn tails that were cut from logs. */
  quarantine: z.array(
    z.object({
      name: z.string(),
      workstream_id: workstreamIdSchema,
      log: logNameSchema,
      offset: z.int(),
      bytes: z.int(),
      kept_at_ms: z.number(),
      location: z.string(),
      text: z.string(),
      /** How many complete messages are in it. */
      messages: z.int(),
    }),
  ),
  /** What the dead left: of no use, and in nobody's way. */
  leftovers: z.array(z.string()),
})

/** Looking after logs and index. */
export const maintenanceRoutes = {
  stats: route({
    method: 'GET',
    path: '/stats',
    summary: 'Counts of everything, or of one workstream',
    about: 'administration',
    query: z.strictObject({ workstream: referenceSchema.optional() }),
    status: 200,
    answer: z.object({
      workstreams: countsOf(workstreamStateSchema.options),
      sessions: countsOf(sessionStatusSchema.options),
      messages: countsOf(roleSchema.options),
      log_bytes: z.int(),
      index_bytes: z.int(),
      first_message_at: timestampSchema.nullable(),
      last_message_at: timestampSchema.nullable(),
      busiest: z
        .array(z.object({ id: workstreamIdSchema, title: z.string().nullable(), message_count: z.int() }))
        .readonly(),
    }),
    errors: ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'],
  }),
  sweepSessions: route({
    method: 'POST',
    path: '/admin/sessions/sweep',
    summary: 'Ends every session in which nothing happened for the idle time',
    about: 'administration',
    status: 200,
    answer: listOf(sessionSchema),
    errors: [],
  }),
  levelSearch: route({
    method: 'POST',
    path: '/admin/search/level',
    summary: 'Makes messages searchable, for as long as `within_ms`; asked again it goes on',
    about: 'administration',
    body: z.strictObject({ within_ms: z.int().min(0).max(10_000).default(250) }),
    status: 200,
    answer: z.object({ complete: z.boolean(), progress: progressSchema.nullable() }),
    errors: [],
  }),
  rebuildIndex: route({
    method: 'POST',
    path: '/admin/index/rebuild',
    summary: 'Builds the index anew out of the logs',
    about: 'administration',
    status: 200,
    answer: z.object({
      workstreams: z.int(),
      messages: z.int(),
      bytes: z.int(),
      anomalies: z.int(),
      duration_ms: z.number(),
    }),
    errors: [],
  }),
  dumpIndex: route({
    method: 'GET',
    path: '/admin/index/dump',
    summary: 'The index as text, one row a line; the same before and after a rebuild',
    about: 'administration',
    status: 200,
    answer: undefined,
    stream: 'text/plain',
    errors: [],
  }),
  verify: route({
    method: 'GET',
    path: '/admin/verify',
    summary: 'Looks at every byte of the logs and compares them with the index',
    about: 'administration',
    status: 200,
    answer: verifyReportSchema,
    errors: [],
  }),
  repair: route({
    method: 'POST',
    path: '/admin/repair',
    summary: 'Verifies, and does what loses nothing: levels or rebuilds the index, removes what the dead left',
    about: 'administration',
    status: 200,
    answer: z.object({
      done: z.array(z.object({ workstream_id: z.string().nullable(), kind: z.string(), done: z.string() })),
      /** How things are now. */
      report: verifyReportSchema,
    }),
    errors: [],
  }),
  restoreTornTail: route({
    method: 'POST',
    path: '/admin/torn-tails/:name/restore',
    summary: 'Appends the complete messages of a torn tail that was kept; asked again it adds nothing',
    about: 'administration',
    params: z.object({ name: z.string().min(1).max(300) }),
    status: 200,
    answer: z.object({ workstream_id: workstreamIdSchema, added: z.array(recordIdSchema), already_there: z.int() }),
    errors: ['TORN_TAIL_NOT_FOUND'],
  }),
}
