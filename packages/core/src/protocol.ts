import type * as z from 'zod'
import { dataRoutes } from './protocol/data-routes.js'
import { maintenanceRoutes } from './protocol/maintenance-routes.js'
import { memoryRoutes } from './protocol/memory-routes.js'
import { messageRoutes } from './protocol/message-routes.js'
import type { Route } from './protocol/route.js'
import { sessionRoutes } from './protocol/session-routes.js'
import { transferRoutes } from './protocol/transfer-routes.js'
import { trashRoutes } from './protocol/trash-routes.js'
import { turnRoutes } from './protocol/turn-routes.js'
import { workstreamRoutes } from './protocol/workstream-routes.js'

export type { Route } from './protocol/route.js'

/** Where all routes of this version lie. */
export const API_PREFIX = '/api/v1'

/**
 * Everything that the REST interface does. The server answers these and no others, the client asks them, and the OpenAPI
 * document is made of them.
 */
export const routes = {
  ...workstreamRoutes,
  ...messageRoutes,
  ...turnRoutes,
  ...sessionRoutes,
  ...memoryRoutes,
  ...dataRoutes,
  ...transferRoutes,
  ...trashRoutes,
  ...maintenanceRoutes,
} as const satisfies Record<string, Route>

export type Routes = typeof routes
export type RouteName = keyof Routes

type In<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined
type Out<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined
type Part<R, Name extends string> = R extends { readonly [Key in Name]: infer Schema } ? Schema : undefined

/** What a client gives, before defaults. */
export interface RouteInput<Name extends RouteName> {
  readonly params: In<Part<Routes[Name], 'params'>>
  readonly query: In<Part<Routes[Name], 'query'>>
  readonly body: In<Part<Routes[Name], 'body'>>
}

/** What a server gets, checked and completed. */
export interface RouteRequest<Name extends RouteName> {
  readonly params: Out<Part<Routes[Name], 'params'>>
  readonly query: Out<Part<Routes[Name], 'query'>>
  readonly body: Out<Part<Routes[Name], 'body'>>
}

export type RouteAnswer<Name extends RouteName> = Out<Part<Routes[Name], 'answer'>>
