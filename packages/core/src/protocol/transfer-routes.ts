import * as z from 'zod'
import { importedMessageSchema, sourceSchema } from '../import-source.js'
import { titleSchema, workstreamSchema } from '../workstream.js'
import { referenceSchema, refParams } from './common.js'
import { route } from './route.js'

const found = ['WORKSTREAM_NOT_FOUND', 'WORKSTREAM_AMBIGUOUS'] as const

/** Conversations in from elsewhere, and out. */
export const transferRoutes = {
  importConversation: route({
    method: 'POST',
    path: '/import',
    summary: 'Takes a conversation in; asked again with the same source it adds only what is new',
    about: 'messages',
    body: z.strictObject({
      source: sourceSchema,
      title: titleSchema.nullable().optional(),
      /** Where it goes when its source is unknown; by default into a new workstream. */
      into: referenceSchema.optional(),
      messages: z.array(importedMessageSchema),
    }),
    keyed: true,
    status: 200,
    answer: z.object({
      workstream: workstreamSchema,
      created: z.boolean(),
      added: z.int(),
      already_there: z.int(),
      sessions: z.int(),
    }),
    errors: [...found, 'WORKSTREAM_ARCHIVED', 'IDEMPOTENCY_KEY_REUSED', 'LOG_LINE_TOO_LONG'],
  }),
  exportWorkstream: route({
    method: 'GET',
    path: '/workstreams/:ref/export',
    summary: 'A workstream as text: `openai` (a line of JSON) or `markdown`; as `native` every byte of its logs',
    about: 'messages',
    params: refParams,
    query: z.strictObject({ format: z.enum(['openai', 'markdown', 'native']).default('markdown') }),
    status: 200,
    answer: undefined,
    stream: 'text/markdown',
    errors: found,
  }),
  importNative: route({
    method: 'POST',
    path: '/import/native',
    summary: 'Puts a native export back, byte for byte. All of it is checked before anything is written',
    about: 'messages',
    upload: 'application/octet-stream',
    status: 201,
    answer: workstreamSchema,
    errors: ['IMPORT_UNREADABLE', 'RESTORE_CONFLICT', 'LOG_LINE_TOO_LONG', 'LOG_FULL'],
  }),
}
