import { type Route, type RouteAnswer, type RouteName, type Routes, routes } from '@arawn/core/protocol'
import type { CallInput, CallOptions } from '../route-call.js'
import type { Connection, OpenAnswer } from './connection.js'
import { drawKey } from './draw-key.js'
import type { Request } from './request.js'
import { routeUrl } from './route-url.js'

/** Every route of the protocol, asked in the same way. */
export interface Calls {
  call: Call
  /** With what stands in the head of the answer. */
  ask<Name extends RouteName>(
    name: Name,
    input: CallInput<Name>,
    options?: CallOptions,
  ): Promise<{ readonly answer: RouteAnswer<Name>; readonly headers: Headers }>
  /** An answer that is read as it comes, in the form that is asked for. */
  open<Name extends RouteName>(
    name: Name,
    input: CallInput<Name>,
    options?: CallOptions & OpenOptions,
  ): Promise<OpenAnswer>
  /** Sends bytes, once. */
  upload<Name extends UploadRoute>(name: Name, bytes: NonNullable<Request['body']>): Promise<RouteAnswer<Name>>
}

type UploadRoute = { [Name in RouteName]: Routes[Name] extends { upload: string } ? Name : never }[RouteName]

/** Calls one route: `call('getWorkstream', { params: { ref: 'notes' } })`. */
export type Call = <Name extends RouteName>(
  name: Name,
  ...rest: Record<never, never> extends CallInput<Name>
    ? [input?: CallInput<Name>, options?: CallOptions]
    : [input: CallInput<Name>, options?: CallOptions]
) => Promise<RouteAnswer<Name>>

export interface OpenOptions {
  readonly accept?: string | undefined
  /** Behind which event a stream goes on. */
  readonly lastEventId?: string | undefined
  readonly upload?: NonNullable<Request['body']> | undefined
  /** Somebody else sees to it that it is sent again. */
  readonly once?: boolean | undefined
}

interface Given {
  readonly params?: Record<string, unknown>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
}

export function createCalls(connection: Connection): Calls {
  function request(name: RouteName, input: Given, options: CallOptions & OpenOptions = {}): Request {
    const { method, path, body, upload, keyed, reads }: Route = routes[name]
    const { accept = 'application/json', lastEventId, ifMatch, signal, timeoutMs = connection.timeoutMs } = options
    const key = keyed === true ? (options.idempotencyKey ?? drawKey()) : undefined
    const type = upload ?? (body === undefined ? undefined : 'application/json')
    return {
      method,
      url: routeUrl(connection.url, path, input.params, input.query),
      headers: {
        accept,
        ...(type !== undefined && { 'content-type': type }),
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      body: options.upload ?? (body === undefined ? undefined : JSON.stringify(input.body ?? {})),
      isRepeatable: options.once !== true && (method === 'GET' || reads === true || key !== undefined),
      timeoutMs: timeoutMs ?? undefined,
      signal,
    }
  }

  async function ask<Name extends RouteName>(name: Name, input: CallInput<Name>, options?: CallOptions & OpenOptions) {
    const { headers, body } = await connection.json(request(name, input as Given, options))
    // As the server says it: a later version may say more, and a log may hold what no schema knows.
    return { answer: body as RouteAnswer<Name>, headers }
  }

  return {
    ask,
    call: async (name, ...[input, options]) => (await ask(name, input ?? ({} as never), options)).answer,
    upload: async (name, bytes) =>
      (await ask(name, {} as never, { upload: bytes, once: true, timeoutMs: null })).answer,
    open: (name, input, options) => connection.open(request(name, input as Given, options)),
  }
}
