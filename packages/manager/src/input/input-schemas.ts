import { workstreamIdSchema } from '@arawn/core/id'
import { idempotencyKeySchema } from '@arawn/core/idempotency-key'
import { importedMessageSchema, sourceSchema } from '@arawn/core/import-source'
import { authorSchema, metadataSchema, roleSchema, timestampSchema } from '@arawn/core/message'
import { saidMessageSchema } from '@arawn/core/said-message'
import { defaultModelSchema, tagsSchema, titleSchema, workstreamStateSchema } from '@arawn/core/workstream'
import * as z from 'zod'

/**
 * What callers may give. Text must be well-formed: half of a surrogate pair cannot be written as UTF-8, and what was
 * stored would not be what was said.
 */
const noLoneSurrogates = (value: unknown, context: z.core.$RefinementCtx): void => {
  const path = findLoneSurrogate(value, [])
  if (path !== undefined)
    context.addIssue({ code: 'custom', path, message: 'has half of a surrogate pair, which is no Unicode text' })
}

function findLoneSurrogate(value: unknown, path: (string | number)[]): (string | number)[] | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path
  if (Array.isArray(value)) return firstOf(value.entries(), path)
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.keys(value).some((key) => !key.isWellFormed())) return path
  return firstOf(Object.entries(value), path)
}

function firstOf(
  entries: Iterable<readonly [string | number, unknown]>,
  path: (string | number)[],
): (string | number)[] | undefined {
  for (const [key, value] of entries) {
    const found = findLoneSurrogate(value, [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}

const limitSchema = z.int().min(1).max(1_000)

const fields = {
  title: titleSchema.nullable().optional(),
  default_model: defaultModelSchema.nullable().optional(),
  tags: tagsSchema.optional(),
  metadata: metadataSchema.optional(),
}

export const createSchema = z
  .strictObject({ id: workstreamIdSchema.optional(), ...fields, idempotency_key: idempotencyKeySchema.optional() })
  .superRefine(noLoneSurrogates)

export const updateSchema = z
  .strictObject({ ...fields, state: workstreamStateSchema.optional() })
  .superRefine(noLoneSurrogates)

export const sendSchema = z
  .strictObject({
    workstream: z.string().min(1).optional(),
    content: z.string(),
    role: roleSchema.exclude(['agent_push']).optional(),
    author: authorSchema.optional(),
    interaction_id: z.string().min(1).max(200).optional(),
    idempotency_key: idempotencyKeySchema.optional(),
    metadata: metadataSchema.optional(),
  })
  .superRefine(noLoneSurrogates)
  .refine(({ role = 'user', content }) => role !== 'user' || content.trim() !== '', {
    path: ['content'],
    error: 'a user message says something',
  })

const answerStyleSchema = z.strictObject({
  toolChoice: z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ name: z.string().min(1) })]).optional(),
  temperature: z.number().optional(),
  topP: z.number().optional(),
  seed: z.int().optional(),
  stop: z.array(z.string()).optional(),
  frequencyPenalty: z.number().optional(),
  presencePenalty: z.number().optional(),
  json: z.strictObject({ name: z.string().optional(), schema: z.record(z.string(), z.json()).optional() }).optional(),
})

const turnFields = {
  workstream: z.string().min(1).optional(),
  model: defaultModelSchema.optional(),
  if_busy: z.enum(['reject', 'queue']).optional(),
  instructions: z.string().optional(),
  max_output_tokens: z.int().min(1).optional(),
  style: answerStyleSchema.optional(),
  idempotency_key: idempotencyKeySchema.optional(),
}

export const chatSchema = z
  .strictObject({
    ...turnFields,
    content: z.string().refine((content) => content.trim() !== '', { error: 'a user message says something' }),
    author: authorSchema.optional(),
    metadata: metadataSchema.optional(),
  })
  .superRefine(noLoneSurrogates)

export const toldSchema = z
  .strictObject({ ...turnFields, messages: z.array(saidMessageSchema).min(1) })
  .superRefine(noLoneSurrogates)
  .superRefine(({ messages }, context) => {
    for (const [index, { role, content }] of messages.entries())
      if (role === 'user' && content.trim() === '')
        context.addIssue({
          code: 'custom',
          path: ['messages', index, 'content'],
          message: 'a user message says something',
        })
    const calls = new Set<string>()
    let isTold = false
    for (const [index, message] of messages.entries()) {
      if (message.role === 'assistant') for (const { id } of message.calls ?? []) calls.add(id)
      isTold ||= message.role === 'assistant'
      // Without the assistant's part it is the last of what is stored that has to have the call.
      if (message.role === 'tool' && isTold && !calls.has(message.call_id))
        context.addIssue({
          code: 'custom',
          path: ['messages', index, 'call_id'],
          message: 'there is no such call before it',
        })
    }
    if (messages.at(-1)?.role !== 'assistant') return
    const path = ['messages', messages.length - 1, 'role']
    context.addIssue({ code: 'custom', path, message: 'the last message is one of the user, or what a call gave' })
  })

export const explainContextSchema = z
  .strictObject({
    message: z
      .string()
      .refine((content) => content.trim() !== '', { error: 'a user message says something' })
      .optional(),
    model: defaultModelSchema.optional(),
  })
  .superRefine(noLoneSurrogates)

export const pushSchema = z
  .strictObject({
    workstream: z.string().min(1),
    content: z.string().refine((content) => content.trim() !== '', { error: 'a push says something' }),
    author: authorSchema.optional(),
    idempotency_key: idempotencyKeySchema.optional(),
    metadata: metadataSchema.optional(),
  })
  .superRefine(noLoneSurrogates)

export const listWorkstreamsSchema = z.strictObject({
  state: z.union([workstreamStateSchema, z.literal('all')]).optional(),
  tag: z.string().optional(),
  text: z.string().optional(),
  limit: limitSchema.default(20),
  after: z.string().optional(),
})

export const listSessionsSchema = z.strictObject({
  limit: limitSchema.default(20),
  newestFirst: z.boolean().optional(),
  after: z.string().optional(),
})

export const listFailedTurnsSchema = z.strictObject({ limit: limitSchema.default(20) })

const messageReference = z.union([z.int().nonnegative(), z.string().min(1)])

export const listMessagesSchema = z
  .strictObject({
    limit: limitSchema.default(50),
    after: messageReference.optional(),
    before: messageReference.optional(),
    around: messageReference.optional(),
    includePromoted: z.boolean().optional(),
  })
  .refine(({ after, before, around }) => [after, before, around].filter((border) => border !== undefined).length <= 1, {
    path: ['after'],
    error: 'only one of after, before and around can be given',
  })

export const promoteSchema = z
  .strictObject({
    session: z.string().min(1).optional(),
    messages: z.strictObject({ first: messageReference, last: messageReference }).optional(),
    title: titleSchema.optional(),
    into: z.string().min(1).optional(),
    idempotency_key: idempotencyKeySchema.optional(),
  })
  .superRefine(noLoneSurrogates)
  .refine(({ session, messages }) => session === undefined || messages === undefined, {
    path: ['messages'],
    error: 'either a session or messages can be given',
  })
  .refine(({ title, into }) => (title === undefined) !== (into === undefined), {
    path: ['title'],
    error: 'either the title of a new workstream or a workstream to move them into is needed',
  })

export const forkSchema = z
  .strictObject({
    message: messageReference.optional(),
    title: titleSchema.nullable().optional(),
    id: workstreamIdSchema.optional(),
  })
  .superRefine(noLoneSurrogates)

export const emptyTrashSchema = z.union([
  z.string().min(1),
  z.strictObject({ olderThanMs: z.number().nonnegative().optional() }),
])
export const subscribeSchema = z.strictObject({
  since: z.union([z.int().nonnegative(), z.string().min(1).max(200)]).optional(),
  workstream: z.string().min(1).optional(),
})

// Longer than anybody waits for an answer; a timer of Node takes no more than 24 days.
const withinMsSchema = z.number().min(0).max(3_600_000)

export const searchSchema = z.strictObject({
  query: z.string(),
  workstream: z.string().min(1).optional(),
  session: z.string().min(1).optional(),
  role: roleSchema.optional(),
  author: authorSchema.optional(),
  since: timestampSchema.optional(),
  until: timestampSchema.optional(),
  limit: limitSchema.default(20),
  after: z.string().optional(),
  includePromoted: z.boolean().optional(),
  order: z.enum(['relevance', 'newest']).default('relevance'),
  withinMs: withinMsSchema.default(250),
})

export const levelSearchSchema = z.strictObject({ withinMs: withinMsSchema.default(250) })

export const importSchema = z
  .strictObject({
    source: sourceSchema,
    title: titleSchema.nullable().optional(),
    into: z.string().min(1).optional(),
    idempotency_key: idempotencyKeySchema.optional(),
    messages: z.array(importedMessageSchema),
  })
  .superRefine(noLoneSurrogates)
