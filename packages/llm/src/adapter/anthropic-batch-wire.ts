import type { EndReason } from '@arawn/core/language-model'
import type { BatchAnswer } from '@arawn/core/model-batches'
import * as z from 'zod'
import { AnswerUnreadable } from './events-of-parts.js'

/** Message batches as Anthropic sends them: https://platform.claude.com/docs/en/api/messages/batches */

export const batchIdSchema = z.string().regex(/^[\w-]{1,200}$/)

const batchSchema = z.looseObject({
  id: batchIdSchema,
  processing_status: z.enum(['in_progress', 'canceling', 'ended']),
  expires_at: z.iso.datetime({ offset: true }).nullish(),
  /** Once it has ended; null again when the results are deleted, after 29 days. */
  results_url: z.string().nullish(),
})

export type MessageBatch = z.infer<typeof batchSchema>

export function readBatch(body: string): MessageBatch {
  const parsed = batchSchema.safeParse(jsonOf(body))
  if (parsed.success) return parsed.data
  throw new AnswerUnreadable('what it says of a batch is not of its format')
}

const count = z.int().nonnegative()

const resultSchema = z.looseObject({
  custom_id: z.string(),
  result: z.discriminatedUnion('type', [
    z.looseObject({
      type: z.literal('succeeded'),
      message: z.looseObject({
        content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
        stop_reason: z.string().nullable(),
        usage: z.looseObject({
          input_tokens: count,
          output_tokens: count,
          cache_creation_input_tokens: count.nullish(),
          cache_read_input_tokens: count.nullish(),
        }),
      }),
    }),
    z.looseObject({ type: z.enum(['errored', 'canceled', 'expired']) }),
  ]),
})

/** @returns undefined for a request without an answer, and for a line that cannot be read: both are asked anew */
export function readResult(line: string): { readonly id: string; readonly answer: BatchAnswer } | undefined {
  const parsed = resultSchema.safeParse(jsonOf(line))
  if (!parsed.success) return undefined
  const { custom_id: id, result } = parsed.data
  if (result.type !== 'succeeded') return undefined
  const { content, stop_reason, usage } = result.message
  const cached = usage.cache_read_input_tokens ?? 0
  return {
    id,
    answer: {
      text: content.map(({ type, text = '' }) => (type === 'text' ? text : '')).join(''),
      reason: endReasons[stop_reason ?? ''] ?? 'stop',
      usage: {
        // Anthropic counts what its cache holds beside the rest, not in it.
        input_tokens: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
        cached_input_tokens: cached,
        output_tokens: usage.output_tokens,
      },
    },
  }
}

const endReasons: Readonly<Record<string, EndReason>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'refused',
  tool_use: 'tool_calls',
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
