import * as z from 'zod'
import { coverageSchema } from '../coverage.js'
import { recordIdSchema, workstreamIdSchema } from '../id.js'
import { timestampSchema } from '../message.js'
import { summarySchema } from '../summary.js'
import { defaultModelSchema } from '../workstream.js'
import { flagSchema, listOf, refParams } from './common.js'
import { route } from './route.js'

const found = ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'] as const

const stepSchema = z.object({
  kind: z.enum(['session', 'rolling', 'workstream']),
  session_id: recordIdSchema.nullable(),
  coverage: coverageSchema,
  reason: z.string(),
})

export const compressionReportSchema = z.object({
  workstream_id: workstreamIdSchema,
  /** What was made, in order; with `dry_run` nothing. */
  made: z.array(stepSchema.extend({ summary: summarySchema })).readonly(),
  /** With `dry_run` what would be done; else what could not be done, and why. */
  left: z.array(stepSchema.extend({ problem: z.string().nullable() })).readonly(),
})

const contextPartSchema = z.object({
  name: z.string(),
  coverage: coverageSchema,
  tokens: z.int(),
  reason: z.string(),
  /** Of `echoes`: old messages that are shown again, the best first, and what their scores are the sum of. */
  recalled: z
    .array(z.object({ sequence: z.int(), score: z.number(), scores: z.record(z.string(), z.number()) }))
    .readonly()
    .optional(),
})

const askedContextSchema = z.strictObject({
  /** What somebody would say next. */
  message: z.string().min(1).max(100_000).optional(),
  model: defaultModelSchema.optional(),
  /** Without it the messages are left out. */
  messages: flagSchema.default(true),
})

const contextSchema = z.object({
  model: z.string(),
  windowTokens: z.int(),
  tokens: z.int(),
  budgetTokens: z.int(),
  parts: z.array(contextPartSchema).readonly(),
})

export const memoryRoutes = {
  compress: route({
    method: 'POST',
    path: '/workstreams/:ref/compress',
    summary: 'Summarizes what there is to summarize: at once 202, or with `wait` the report when it is done',
    about: 'memory',
    params: refParams,
    body: z.strictObject({
      session: recordIdSchema.optional(),
      model: defaultModelSchema.optional(),
      /** Only says what would be done. */
      dry_run: z.boolean().default(false),
      wait: z.boolean().default(false),
    }),
    status: 202,
    answer: z.union([
      compressionReportSchema,
      z.object({ workstream_id: workstreamIdSchema, status: z.literal('begun') }),
    ]),
    errors: [...found, 'WORKSTREAM_ARCHIVED', 'SESSION_NOT_FOUND', 'MODEL_PROFILE_UNKNOWN', 'MODEL_KEY_MISSING'],
  }),
  getSummary: route({
    method: 'GET',
    path: '/workstreams/:ref/summary',
    summary:
      'The summaries that contexts are made with, the oldest first; with `all` also those that later ones replace',
    about: 'memory',
    params: refParams,
    query: z.strictObject({ session: recordIdSchema.optional(), all: flagSchema.default(false) }),
    status: 200,
    answer: listOf(summarySchema.extend({ session_id: recordIdSchema.nullable(), is_used: z.boolean() })),
    errors: [...found, 'SESSION_NOT_FOUND'],
  }),
  listFacts: route({
    method: 'GET',
    path: '/workstreams/:ref/facts',
    summary: 'What the summaries say that lasts',
    about: 'memory',
    params: refParams,
    status: 200,
    answer: listOf(
      z.object({
        text: z.string(),
        summary_id: recordIdSchema,
        session_id: recordIdSchema.nullable(),
        timestamp: timestampSchema,
      }),
    ),
    errors: found,
  }),
  explainContext: route({
    method: 'GET',
    path: '/workstreams/:ref/context',
    summary: 'What the model would be sent now, part by part',
    about: 'memory',
    params: refParams,
    query: askedContextSchema,
    status: 200,
    answer: contextSchema,
    errors: [...found, 'CONTEXT_TOO_LARGE', 'MODEL_PROFILE_UNKNOWN', 'MODEL_KEY_MISSING'],
  }),
  explainLongContext: route({
    method: 'POST',
    path: '/workstreams/:ref/context',
    summary: 'The same with all of it in the body, for a message that is too long for an address',
    about: 'memory',
    params: refParams,
    body: askedContextSchema,
    reads: true,
    status: 200,
    answer: contextSchema,
    errors: [...found, 'CONTEXT_TOO_LARGE', 'MODEL_PROFILE_UNKNOWN', 'MODEL_KEY_MISSING'],
  }),
}
