import * as z from 'zod'
import { workstreamIdSchema } from './id.js'
import { clientMessageSchema, type clientMessages } from './protocol/client-message.js'
import { acceptedSchema, pongSchema, refusedSchema } from './protocol/server-message.js'
import { feedEventSchema, turnStreamEventSchema } from './wire-event.js'

/** Where sockets are opened: `/ws?workstream=REF&since=CURSOR`, both optional; without a workstream everything is followed. */
export const SOCKET_PATH = '/ws'

/** The subprotocol that the server chooses. */
export const SOCKET_PROTOCOL = 'arawn.v1'

/** With a token behind it: a subprotocol that says who asks, for browsers, which cannot set headers. It is never chosen. */
export const TOKEN_PROTOCOL_PREFIX = 'bearer.'

export { clientMessageSchema }

/** What a client says; `request_id` is said again in the answer. */
export type ClientMessage = z.input<typeof clientMessageSchema>
export type ClientMessageType = keyof typeof clientMessages

/** As `ClientMessage`, read: what was left out has its default. */
export type ReadClientMessage = z.output<typeof clientMessageSchema>

/**
 * What a server says: answers to messages, the events of the feed as over SSE, and, for a `chat` with `stream`, the
 * events of its turn, each with the `request_id` of that message.
 */
export const serverMessageSchema = z.union([
  acceptedSchema,
  refusedSchema,
  pongSchema,
  turnStreamEventSchema.and(z.object({ request_id: z.string(), workstream_id: workstreamIdSchema })),
  feedEventSchema,
])
export type ServerMessage = z.infer<typeof serverMessageSchema>
export type Accepted = z.infer<typeof acceptedSchema>
