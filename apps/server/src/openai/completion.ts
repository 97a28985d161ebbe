import type { EndReason, ModelUsage, ToolCall } from '@arawn/core/language-model'
import * as z from 'zod'
import type { AnswerPiece } from './answer-piece.js'

/** What all parts of an answer have in common. */
export interface AnswerHead {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  /** As it was asked for. */
  readonly model: string
}

const usageSchema = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int() }),
})

const toolCallSchema = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
})

const finishSchema = z.enum(['stop', 'length', 'tool_calls', 'content_filter'])

export const completionSchema = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.object({
        role: z.literal('assistant'),
        /** Null when there is nothing but calls. */
        content: z.string().nullable(),
        refusal: z.string().nullable(),
        tool_calls: z.array(toolCallSchema).optional(),
      }),
      logprobs: z.null(),
      finish_reason: finishSchema,
    }),
  ),
  /** Absent when the provider does not say. */
  usage: usageSchema.optional(),
})
type Completion = z.infer<typeof completionSchema>

/** The whole answer at once. */
export async function completionOf(pieces: AsyncIterable<AnswerPiece>, head: AnswerHead): Promise<Completion> {
  let text = ''
  const calls: ToolCall[] = []
  let end: Extract<AnswerPiece, { type: 'end' }> | undefined
  for await (const piece of pieces) {
    if (piece.type === 'text') text += piece.text
    else if (piece.type === 'call') calls.push(piece.call)
    else end = piece
  }
  const usage = usageOf(end?.usage ?? null)
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls.map(toolCall) }),
        },
        logprobs: null,
        finish_reason: finishReasons[end?.reason ?? 'stop'],
      },
    ],
    ...(usage !== null && { usage }),
  }
}

/** The chunks of a stream, as they are sent; `withUsage` adds one with what it took, and says null of it in all others. */
export async function* chunksOf(
  pieces: AsyncIterable<AnswerPiece>,
  { id, created, model }: AnswerHead,
  withUsage: boolean,
): AsyncGenerator<object> {
  const frame = { id, object: 'chat.completion.chunk', created, model }
  const chunk = (delta: object, finish: string | null = null) => ({
    ...frame,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(withUsage && { usage: null }),
  })
  let calls = 0
  let hasBegun = false
  for await (const piece of pieces) {
    if (!hasBegun) yield chunk({ role: 'assistant', content: '' })
    hasBegun = true
    if (piece.type === 'text') yield chunk({ content: piece.text })
    else if (piece.type === 'call') yield chunk({ tool_calls: [{ index: calls++, ...toolCall(piece.call) }] })
    else {
      yield chunk({}, finishReasons[piece.reason])
      if (withUsage) yield { ...frame, choices: [], usage: usageOf(piece.usage) }
    }
  }
}

const finishReasons: Readonly<Record<EndReason, z.infer<typeof finishSchema>>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  refused: 'content_filter',
}

function toolCall({ id, name, arguments: input }: ToolCall): z.infer<typeof toolCallSchema> {
  return {
    id,
    type: 'function',
    function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
  }
}

function usageOf(usage: ModelUsage | null): z.infer<typeof usageSchema> | null {
  const { input_tokens: input, output_tokens: output, cached_input_tokens: cached = 0 } = usage ?? {}
  if (input === undefined && output === undefined) return null
  return {
    prompt_tokens: input ?? 0,
    completion_tokens: output ?? 0,
    total_tokens: (input ?? 0) + (output ?? 0),
    prompt_tokens_details: { cached_tokens: cached },
  }
}
