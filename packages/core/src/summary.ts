import * as z from 'zod'
import { coverageSchema } from './coverage.js'
import { recordIdSchema } from './id.js'

/** What a specific is: something that a summary in words easily loses, and that somebody will ask for. */
export const specificClassSchema = z.enum([
  'path',
  'command',
  'url',
  'identifier',
  'number',
  'date',
  'name',
  'error',
  'decision',
])
export type SpecificClass = z.infer<typeof specificClassSchema>

/** One entry of a ledger, taken from the messages by code. */
export const specificSchema = z.looseObject({
  class: specificClassSchema,
  /** As it was written, on one line. */
  text: z.string().min(1).max(500),
  /** Of the message that has it first. */
  sequence: z.int().positive(),
  /** How many messages have it. */
  mentions: z.int().positive(),
  /** It stands in a decision or in an error. */
  stressed: z.boolean().optional(),
})
export type Specific = z.infer<typeof specificSchema>

/** How a summary came to be, and what became of the specifics. */
export const receiptSchema = z.looseObject({
  /** `extractive`: made by code, without a model. */
  method: z.enum(['model', 'extractive']),
  /** `profile/model` that was asked, also when its answers were not taken. */
  model: z.string().nullable(),
  prompt_version: z.int().positive(),
  /** Hash of what went in, of the prompt's version and of the model: the same work is not done twice. */
  key: z.string().min(1).max(128),
  /** Sent to the model and answered by it, in all calls together; 0 when none was asked. */
  input_tokens: z.int().nonnegative(),
  output_tokens: z.int().nonnegative(),
  /** How large what is covered was when it was read, and how large summary and ledger are. */
  covered_tokens: z.int().nonnegative().optional(),
  summary_tokens: z.int().nonnegative().optional(),
  /** Of the specifics in what is covered, how many stand in the summary or its ledger. */
  kept: z.int().nonnegative(),
  of: z.int().nonnegative(),
  /** How many of each class do not. */
  dropped: z.record(z.string(), z.int().nonnegative()),
  /** The same for the salient ones: those that recur, or stand in a decision or in an error. */
  salient_kept: z.int().nonnegative().optional(),
  salient_of: z.int().nonnegative().optional(),
  /** Ids of the summaries that went into it, those behind a previous one included. */
  inputs: z.array(recordIdSchema).optional(),
  /** It is a stand-in: the model failed or kept too little. Tried again later. */
  degraded: z.boolean().optional(),
  /** What was wrong with the answers that were not taken, such as `empty`, `cut`, `retention`. */
  problems: z.array(z.string()).optional(),
  /** The provider's name of the batch that answered for it, all or in part. */
  batch_id: z.string().max(200).optional(),
  /** Of all calls together, in US dollars; left out when that is not known for each of them. */
  cost_usd: z.number().nonnegative().optional(),
})
export type Receipt = z.infer<typeof receiptSchema>

/** The fields that both kinds of summary records share. Hand-written ones may lack all but the first three. */
export const summaryFields = {
  id: recordIdSchema,
  summary: z.string(),
  /** Sequences of messages.jsonl it stands for. */
  coverage: coverageSchema,
  ledger: z.array(specificSchema).optional(),
  /** Lasting facts, one sentence each. */
  facts: z.array(z.string().min(1).max(1_000)).optional(),
  receipt: receiptSchema.optional(),
}

export const summarySchema = z.looseObject(summaryFields)
export type Summary = z.infer<typeof summarySchema>
