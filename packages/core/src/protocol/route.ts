import type * as z from 'zod'
import type { ErrorCode } from '../error.js'

/** One thing that a server does, said once for server, client and documentation. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with `:name` for what `params` describes. */
  readonly path: string
  /** A line of the documentation. */
  readonly summary: string
  readonly about: 'workstreams' | 'messages' | 'sessions' | 'memory' | 'search' | 'events' | 'administration'
  readonly params?: z.ZodObject | undefined
  readonly query?: z.ZodObject | undefined
  readonly body?: z.ZodType | undefined
  /** The body is bytes of this type, of any length, that are taken as they come. */
  readonly upload?: 'application/octet-stream' | undefined
  /** Changes nothing, whatever its method. */
  readonly reads?: true | undefined
  /** Takes an `Idempotency-Key`: asked again with the same one, it is done once and answered each time. */
  readonly keyed?: true | undefined
  readonly status: 200 | 201 | 202
  /** What a JSON answer is; undefined when the answer is no JSON. */
  readonly answer: z.ZodType | undefined
  /** Another form that the answer can have. */
  readonly stream?: 'text/event-stream' | 'application/x-ndjson' | 'text/markdown' | 'text/plain' | undefined
  /** Beside what can go wrong everywhere. */
  readonly errors: readonly ErrorCode[]
}

/** Keeps what a route says of itself in its type. */
export function route<const R extends Route>(described: R): R {
  return described
}
