import { idempotencyKeySchema } from '@arawn/core/idempotency-key'
import { authorSchema } from '@arawn/core/message'
import * as z from 'zod'

/** Fields that several tools have. */

export const referenceSchema = z
  .string()
  .min(1)
  .max(200)
  .describe('a workstream: its id, its title, or at least 4 characters of its id')

export const messageSchema = z.union([z.int().positive(), z.string().min(1).max(200)]).describe('a sequence or an id')

export const afterSchema = z.string().optional().describe('the `next` of the page before')

export const contentSchema = z.string().min(1)

export const authorField = authorSchema.optional().describe('who says it, where several do')

export const keyField = idempotencyKeySchema
  .optional()
  .describe('the same key and the same request again are done once; choose one to be able to repeat a call safely')
