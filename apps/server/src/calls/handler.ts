import type { RouteAnswer, RouteName, RouteRequest } from '@arawn/core/protocol'

/** What a request says beside its parameters and its body. */
export interface Asking {
  readonly idempotencyKey: string | undefined
  readonly ifMatch: string | undefined
  /** Where a stream of events was left. */
  readonly lastEventId: string | undefined
  /** Events are wanted instead of one answer. */
  readonly wantsEvents: boolean
  /** The bytes that are sent to a route that takes an upload, as they come; nothing to any other. */
  readonly upload: AsyncIterable<Uint8Array>
  /** Aborted when the client has gone, or the server stops. */
  readonly gone: AbortSignal
}

export type Call<Name extends RouteName> = RouteRequest<Name> & Asking

/** One event of a stream, as it is sent. */
export interface SentEvent {
  /** With it a client goes on later. */
  readonly id?: string | undefined
  readonly type: string
  /** JSON. */
  readonly text: string
}

export type Answer<Body> =
  | {
      readonly json: Body
      readonly status?: number | undefined
      readonly headers?: Readonly<Record<string, string>>
    }
  /** JSON as it is sent. */
  | { readonly bytes: Buffer }
  | { readonly events: AsyncIterable<SentEvent>; readonly headers?: Readonly<Record<string, string>> }
  | { readonly text: AsyncIterable<string | Uint8Array>; readonly type: string }

export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<Answer<RouteAnswer<Name>>>

/** What each route does: parse, call one method of the manager, shape the answer. */
export type Handlers<Names extends RouteName = RouteName> = { readonly [Name in Names]: Handler<Name> }
