import * as z from 'zod'
import { authorSchema, type Metadata, metadataSchema, type Role, roleSchema, timestampSchema } from './message.js'

/** Where an imported conversation came from, in the words of its own format. */
export const sourceSchema = z.looseObject({
  format: z.string().min(1).max(64),
  conversation_id: z.string().min(1).max(4096),
})
export type Source = z.infer<typeof sourceSchema>

/** A message of a conversation that is taken in, as a caller gives it. */
export const importedMessageSchema = z.strictObject({
  /** Names the message within its conversation. */
  key: z.string().min(1).max(500),
  role: roleSchema,
  content: z.string(),
  timestamp: timestampSchema.optional(),
  author: authorSchema.optional(),
  metadata: metadataSchema.optional(),
})

export interface ImportedMessage {
  /** Names the message within its source; the same in every later version of the file. It is added once. */
  readonly key: string
  readonly role: Role
  readonly content: string
  /** ISO 8601; undefined when the source has none. */
  readonly timestamp?: string | undefined
  readonly author?: string | undefined
  readonly metadata?: Metadata | undefined
}

/** What an imported message's `metadata.source` holds: with it, the same message is never taken in twice. */
export interface MessageSource {
  conversation_id: string
  /** Names the message within its conversation. */
  key: string
}

/** One text for a message's source, as the index keeps it; undefined when the message was not imported. */
export function importedKeyOf(message: { metadata?: Metadata | undefined }): string | undefined {
  const source = message.metadata?.source
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return undefined
  const { conversation_id: conversation, key } = source
  return typeof conversation === 'string' && typeof key === 'string' ? importedKey(conversation, key) : undefined
}

export function importedKey(conversationId: string, key: string): string {
  return `${conversationId}\n${key}`
}
