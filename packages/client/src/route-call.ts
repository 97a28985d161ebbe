import type { RouteInput, RouteName } from '@arawn/core/protocol'

type Needed<Part> = Part extends undefined ? never : Record<never, never> extends Part ? never : Part
type Optional<Part> = Part extends undefined ? never : Part

type NeededParts<Name extends RouteName> = {
  [Key in keyof RouteInput<Name> as [Needed<RouteInput<Name>[Key]>] extends [never]
    ? never
    : Key]: RouteInput<Name>[Key]
}
type OptionalParts<Name extends RouteName> = {
  [Key in keyof RouteInput<Name> as [Optional<RouteInput<Name>[Key]>] extends [never] ? never : Key]?:
    | RouteInput<Name>[Key]
    | undefined
}

/** What a route is given: those of `params`, `query` and `body` that it takes. */
export type CallInput<Name extends RouteName> = NeededParts<Name> & OptionalParts<Name>

/** Beside what the route takes. */
export interface CallOptions {
  /** Of a route that takes one; without it the client draws one. */
  readonly idempotencyKey?: string | undefined
  /** Only the version with this `ETag` is changed. */
  readonly ifMatch?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Until the answer begins; null: as long as it takes. By default as the client was made. */
  readonly timeoutMs?: number | null | undefined
}
