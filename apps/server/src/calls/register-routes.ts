import { setMaxListeners } from 'node:events'
import { Readable } from 'node:stream'
import { errorAnswerSchema } from '@arawn/core/error-answer'
import { errorOutcomes } from '@arawn/core/error-outcome'
import { idempotencyKeySchema } from '@arawn/core/idempotency-key'
import { API_PREFIX, type RouteName, routes } from '@arawn/core/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify'
import * as z from 'zod'
import { eventStream } from '../feed/event-stream.js'
import { goneSignal } from './gone-signal.js'
import type { Answer, Asking, Handler, Handlers } from './handler.js'

/** Gives every route of the protocol its address, its checks and its handler. */
export function registerRoutes(app: FastifyInstance, handlers: Handlers, closing: AbortSignal): void {
  // One for each stream.
  setMaxListeners(0, closing)
  // A name belongs to its own handler; the compiler cannot follow that through a loop.
  for (const name of Object.keys(routes) as RouteName[]) {
    const handler = handlers[name] as unknown as Handler<RouteName>
    const { method, path } = routes[name]
    const takesUpload = 'upload' in routes[name]
    const registered: RouteOptions = {
      method,
      url: `${API_PREFIX}${path}`,
      schema: schemaOf(name),
      handler: async (request, reply) => {
        const call = callOf(request, reply, closing)
        return send(await handler(call as Parameters<Handler<RouteName>>[0]), reply, call)
      },
    }
    if (!takesUpload) app.route(registered)
    else
      void app.register(async (scope) => {
        // It is read as it comes, however long it is; no other route takes this type.
        scope.removeAllContentTypeParsers()
        scope.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
        scope.route(registered)
      })
  }
}

function send(answer: Answer<unknown>, reply: FastifyReply, call: Asking): FastifyReply {
  if ('bytes' in answer) return reply.type('application/json; charset=utf-8').send(answer.bytes)
  if ('text' in answer) return reply.type(answer.type).send(Readable.from(answer.text, { objectMode: false }))
  for (const [name, value] of Object.entries(answer.headers ?? {})) void reply.header(name, value)
  if ('events' in answer) {
    void reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no')
    return reply.type('text/event-stream; charset=utf-8').send(eventStream(answer.events, call.gone))
  }
  return reply.status(answer.status ?? 200).send(answer.json)
}

function callOf({ params, query, body, headers }: FastifyRequest, reply: FastifyReply, closing: AbortSignal) {
  let gone: AbortSignal | undefined
  return {
    params,
    query,
    body,
    idempotencyKey: one(headers['idempotency-key']),
    ifMatch: headers['if-match'],
    lastEventId: one(headers['last-event-id']),
    wantsEvents: headers.accept?.includes('text/event-stream') === true,
    get upload() {
      return body instanceof Readable ? body : Readable.from([])
    },
    // Most answers are over before anybody could leave: whoever looks at it pays for it.
    get gone() {
      gone ??= goneSignal(reply, closing)
      return gone
    },
  }
}

function one(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header[0] : header
  return value === '' ? undefined : value
}

function schemaOf(name: RouteName): FastifySchema {
  const route = routes[name]
  const { summary, about, status } = route
  const failures = [
    ...route.errors,
    'INVALID_INPUT',
    'UNAUTHORIZED',
    'ORIGIN_REFUSED',
    'RATE_LIMITED',
    'REQUEST_UNREADABLE',
  ] as const
  const statuses = [...new Set(['400', ...failures.map((code) => String(errorOutcomes[code].status))])].sort()
  const answer = 'answer' in route && route.answer !== undefined ? route.answer : z.string()
  return {
    summary,
    tags: [about],
    operationId: name,
    ...('params' in route && { params: route.params }),
    ...('query' in route && { querystring: route.query }),
    ...('body' in route && { body: route.body }),
    ...('upload' in route && { consumes: [route.upload], body: uploadSchema }),
    ...('keyed' in route && { headers: keyedHeaders }),
    response: { [status]: answer, ...Object.fromEntries(statuses.map((code) => [code, errorAnswerSchema])) },
  } as FastifySchema
}

// Bytes, which are looked at by whoever takes them.
const uploadSchema = z.any().meta({ type: 'string', format: 'binary' })

const keyedHeaders = z.looseObject({ 'idempotency-key': idempotencyKeySchema.optional() })
