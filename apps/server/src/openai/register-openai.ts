import { randomUUID } from 'node:crypto'
import { idempotencyKeySchema } from '@arawn/core/idempotency-key'
import type { LanguageModels } from '@arawn/core/language-model'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import * as z from 'zod'
import { goneSignal } from '../calls/gone-signal.js'
import { replayedHeader } from '../calls/replayed-header.js'
import { workstreamsDisabled } from '../safety/refuse-workstreams.js'
import type { AnswerPiece } from './answer-piece.js'
import { type ChatRequest, chatRequestSchema } from './chat-request.js'
import { chunkStream } from './chunk-stream.js'
import { type AnswerHead, chunksOf, completionOf, completionSchema } from './completion.js'
import { findOpenAiModel, listOpenAiModels, openAiModelSchema, openAiModelsSchema } from './list-models.js'
import { openAiErrorSchema, openAiFailure } from './openai-error.js'
import { readRequest } from './read-request.js'
import { statelessAnswer } from './stateless-answer.js'
import { turnAnswer } from './turn-answer.js'

interface OpenAiParts {
  readonly manager: WorkstreamManager
  readonly models: LanguageModels
  /** False: they are switched off, and nothing can be said in one. */
  readonly hasWorkstreams: boolean
  readonly closing: AbortSignal
}

/** What clients of OpenAI speak: https://platform.openai.com/docs/api-reference/chat */
export function registerOpenAi(app: FastifyInstance, { manager, models, hasWorkstreams, closing }: OpenAiParts): void {
  app.route({
    method: 'POST',
    url: '/v1/chat/completions',
    schema: chatCompletionSchema,
    handler: async (request, reply) => {
      const body = request.body as ChatRequest
      const gone = goneSignal(reply, closing)
      const { pieces, id, created } = await answerTo(request, reply, body, gone)
      const head = { id, created, model: body.model }
      if (body.stream !== true) return reply.send(await completionOf(pieces, head))
      const chunks = chunksOf(pieces, head, body.stream_options?.include_usage === true)
      const stream = await chunkStream(chunks, (error) => openAiFailure(error, request).answer, gone)
      void reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no')
      return reply.type('text/event-stream; charset=utf-8').send(stream)
    },
  })
  app.get('/v1/models', { schema: modelsSchema }, async () => ({
    object: 'list',
    data: await listOpenAiModels(models),
  }))
  app.get('/v1/models/:id', { schema: modelSchema }, async ({ params }) =>
    findOpenAiModel(models, (params as { id: string }).id),
  )
  // `profile/model` has a slash, which not every client encodes.
  app.get('/v1/models/*', { schema: { hide: true } }, async ({ params }) =>
    findOpenAiModel(models, (params as { '*': string })['*']),
  )

  /** Begins an answer: in the workstream that is named, else of the model alone. */
  async function answerTo(
    { headers }: FastifyRequest,
    reply: FastifyReply,
    body: ChatRequest,
    gone: AbortSignal,
  ): Promise<{ pieces: AsyncIterable<AnswerPiece> } & Pick<AnswerHead, 'id' | 'created'>> {
    const asked = readRequest(body)
    const { model, instructions, messages, tools, style, maxOutputTokens } = asked
    const workstream = one(headers['x-workstream-id']) ?? body.metadata?.workstream
    if (workstream === undefined) {
      const pieces = statelessAnswer(await models.open(model), asked, gone)
      return { pieces, id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1_000) }
    }
    if (!hasWorkstreams) throw workstreamsDisabled()
    const turn = await manager.chat({
      workstream,
      model: model ?? undefined,
      messages,
      tools,
      style,
      instructions,
      max_output_tokens: maxOutputTokens,
      idempotency_key: one(headers['idempotency-key']),
    })
    const { workstream_id, interaction_id, message } = turn
    void reply.headers({
      'x-workstream-id': workstream_id,
      'x-interaction-id': interaction_id,
      ...replayedHeader(turn),
    })
    const created = Math.floor(Date.parse(message.timestamp) / 1_000)
    return { pieces: turnAnswer(turn, tools, gone), id: `chatcmpl-${interaction_id}`, created }
  }
}

function one(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header
  return value === '' ? undefined : value
}

const failures = Object.fromEntries(
  ['400', '401', '403', '404', '409', '413', '429', '500', '502', '503'].map((status) => [status, openAiErrorSchema]),
)

const chatCompletionSchema: FastifySchema = {
  summary: 'Chat completion in the form of OpenAI; in a workstream, if one is named',
  tags: ['openai'],
  operationId: 'createChatCompletion',
  headers: z.looseObject({
    'x-workstream-id': z.string().min(1).max(200).optional(),
    'idempotency-key': idempotencyKeySchema.optional(),
  }),
  body: chatRequestSchema,
  response: { 200: completionSchema, ...failures },
} as FastifySchema

const modelsSchema = {
  summary: 'Models that a chat completion can name, in the form of OpenAI',
  tags: ['openai'],
  operationId: 'listOpenAiModels',
  response: { 200: openAiModelsSchema, ...failures },
} as FastifySchema

const modelSchema = {
  summary: 'One of them',
  tags: ['openai'],
  operationId: 'getOpenAiModel',
  params: z.object({ id: z.string().min(1).max(200) }),
  response: { 200: openAiModelSchema, ...failures },
} as FastifySchema
