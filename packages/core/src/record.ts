import * as z from 'zod'
import { coverageSchema } from './coverage.js'
import { recordIdSchema, workstreamIdSchema } from './id.js'
import { sourceSchema } from './import-source.js'
import { idempotencySchema, messageSchema, metadataSchema, timestampSchema } from './message.js'
import { sessionStatusSchema } from './session.js'
import { stampSchema } from './stamp.js'
import { summaryFields } from './summary.js'
import { turnEndSchema } from './turn.js'
import { defaultModelSchema, forkOriginSchema, tagsSchema, titleSchema, workstreamStateSchema } from './workstream.js'

/**
 * One line of a log. Fields that a reader does not know survive a round trip,
 * so every record is a loose object.
 */

/** The three logs of a workstream, in the order in which one commit writes them. */
export const logNames = ['workstream', 'sessions', 'messages'] as const
export type LogName = (typeof logNames)[number]

export const FORMAT_VERSION = 1

const envelope = { v: z.literal(FORMAT_VERSION), stamp: stampSchema, timestamp: timestampSchema }

export const workstreamCreatedSchema = z.looseObject({
  ...envelope,
  type: z.literal('workstream_created'),
  title: titleSchema.nullable(),
  is_scratch: z.boolean().optional(),
  default_model: defaultModelSchema.nullable().optional(),
  tags: tagsSchema.optional(),
  metadata: metadataSchema.optional(),
  source: sourceSchema.optional(),
  /** It began as a copy. */
  forked_from: forkOriginSchema.optional(),
  idempotency: idempotencySchema.optional(),
})

/** Only what changed; null empties a field. */
export const workstreamChangesSchema = z.looseObject({
  title: titleSchema.nullable().optional(),
  default_model: defaultModelSchema.nullable().optional(),
  tags: tagsSchema.optional(),
  metadata: metadataSchema.optional(),
})

export const workstreamUpdatedSchema = z.looseObject({
  ...envelope,
  type: z.literal('workstream_updated'),
  changes: workstreamChangesSchema,
  /** A conversation that was taken into this workstream. */
  source: sourceSchema.optional(),
  idempotency: idempotencySchema.optional(),
})

export const workstreamStateChangedSchema = z.looseObject({
  ...envelope,
  type: z.literal('workstream_state_changed'),
  state: workstreamStateSchema,
})

export const workstreamSummarizedSchema = z.looseObject({
  ...envelope,
  type: z.literal('workstream_summarized'),
  ...summaryFields,
})

/** A compression that gave no summary worth keeping: it is not tried for ever. */
export const compressionAttemptedSchema = z.looseObject({
  ...envelope,
  type: z.literal('compression_attempted'),
  /** Of the work: what is covered, prompt and model. As in a receipt. */
  key: z.string().min(1).max(128),
  outcome: z.enum(['degraded', 'failed', 'not_smaller']),
  /** Code of what went wrong. */
  error: z.string().max(64).optional(),
})

/**
 * A process is about to hand work to a provider, as a batch that is answered later. Until the batch is collected, nobody
 * else does that work.
 */
export const compressionClaimedSchema = z.looseObject({
  ...envelope,
  type: z.literal('compression_claimed'),
  /** Ours, of the batch. */
  id: recordIdSchema,
  /** As `profile/model`. */
  model: z.string().min(1).max(400),
  /** Of the work in it, as in a receipt. */
  keys: z.array(z.string().min(1).max(128)).min(1),
  /** Name of the `run/` lock of the process: should it die before the batch is submitted, nobody knows whether it was. */
  owner: z.string().min(1).max(200),
})

/** The provider has taken the batch. */
export const compressionSubmittedSchema = z.looseObject({
  ...envelope,
  type: z.literal('compression_submitted'),
  /** As it was claimed. */
  id: recordIdSchema,
  /** The provider's own. */
  batch_id: z.string().min(1).max(200),
  /** When the provider gives it up; null when it does not say. */
  expires_at: timestampSchema.nullable().optional(),
})

/**
 * Nothing more comes of the batch. `ended`: it was answered, and what of it was wanted is in summaries; `unwanted`: the
 * work was done in another way meanwhile; `expired`, `gone`: there were no answers in time, or the provider does not
 * know it any more; `failed`: the provider did not take it; `busy`: nor did it, but asks to come back; `lost`: its process
 * died before it could say.
 */
export const compressionCollectedSchema = z.looseObject({
  ...envelope,
  type: z.literal('compression_collected'),
  id: recordIdSchema,
  outcome: z.enum(['ended', 'unwanted', 'expired', 'gone', 'failed', 'busy', 'lost']),
})

/** Announces lines that somebody wrote by hand: it gives them their place in the order of everything. */
export const logAdoptedSchema = z.looseObject({
  ...envelope,
  type: z.literal('log_adopted'),
  log: z.enum(logNames),
  first_sequence: z.int().positive(),
  last_sequence: z.int().positive(),
})

/** Announces lines that came with stamps from before, restored or copied in, to those who follow by stamp. */
export const workstreamArrivedSchema = z.looseObject({
  ...envelope,
  type: z.literal('workstream_arrived'),
})

export const sessionOpenedSchema = z.looseObject({
  ...envelope,
  type: z.literal('session_opened'),
  id: recordIdSchema,
  /** It was over before it came here: never active, and it lasts until its last message. */
  imported: z.boolean().optional(),
})

export const sessionClosedSchema = z.looseObject({
  ...envelope,
  type: z.literal('session_closed'),
  id: recordIdSchema,
  status: sessionStatusSchema.exclude(['active']),
  reason: z.string().min(1).max(64),
  ended_at: timestampSchema,
})

export const sessionSummarizedSchema = z.looseObject({
  ...envelope,
  type: z.literal('session_summarized'),
  ...summaryFields,
  session_id: recordIdSchema,
})

export const turnStartedSchema = z.looseObject({
  ...envelope,
  type: z.literal('turn_started'),
  interaction_id: recordIdSchema,
  session_id: recordIdSchema,
  /** The message that begins it, a user's or the result of a call; stands in messages.jsonl with the same commit. */
  message_id: recordIdSchema,
  /** Name of the `run/` lock that its process holds while it lives. */
  owner: z.string().min(1),
})

export const turnEndedSchema = z.looseObject({
  ...envelope,
  type: z.literal('turn_ended'),
  interaction_id: recordIdSchema,
  session_id: recordIdSchema,
  status: turnEndSchema,
  model: z.string().nullable().optional(),
  usage: metadataSchema.optional(),
  /** Of all calls of the model, in US dollars; left out when it is not known of each of them. */
  cost_usd: z.number().nonnegative().optional(),
  /** Code of what went wrong. */
  error: z.string().max(64).optional(),
  /** What went wrong, in a line for people. */
  error_message: z.string().max(1_000).optional(),
})

export const promotionStartedSchema = z.looseObject({
  ...envelope,
  type: z.literal('promotion_started'),
  id: recordIdSchema,
  target_id: workstreamIdSchema,
  /** For a target that is made for it. */
  target_title: titleSchema.nullable().optional(),
  /** Sequences of messages.jsonl. */
  coverage: coverageSchema,
  idempotency: idempotencySchema.optional(),
})

export const promotionCompletedSchema = z.looseObject({
  ...envelope,
  type: z.literal('promotion_completed'),
  id: recordIdSchema,
})

/** A line of messages.jsonl. It has no `type`: most of a history is messages, and people grep them. */
export const messageRecordSchema = messageSchema.extend({
  v: z.literal(FORMAT_VERSION),
  stamp: stampSchema,
  type: z.undefined().optional(),
})

export const workstreamLogRecordSchema = z.discriminatedUnion('type', [
  workstreamCreatedSchema,
  workstreamUpdatedSchema,
  workstreamStateChangedSchema,
  workstreamSummarizedSchema,
  compressionAttemptedSchema,
  compressionClaimedSchema,
  compressionSubmittedSchema,
  compressionCollectedSchema,
  logAdoptedSchema,
  workstreamArrivedSchema,
])

export const sessionsLogRecordSchema = z.discriminatedUnion('type', [
  sessionOpenedSchema,
  sessionClosedSchema,
  sessionSummarizedSchema,
  turnStartedSchema,
  turnEndedSchema,
  promotionStartedSchema,
  promotionCompletedSchema,
])

export type WorkstreamLogRecord = z.infer<typeof workstreamLogRecordSchema>
export type SessionsLogRecord = z.infer<typeof sessionsLogRecordSchema>
export type MessageRecord = z.infer<typeof messageRecordSchema>
export type LogRecord = WorkstreamLogRecord | SessionsLogRecord | MessageRecord

/** The schema of each log's lines. */
export const recordSchemas = {
  workstream: workstreamLogRecordSchema,
  sessions: sessionsLogRecordSchema,
  messages: messageRecordSchema,
} as const
