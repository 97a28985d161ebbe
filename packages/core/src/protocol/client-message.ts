import * as z from 'zod'
import { recordIdSchema } from '../id.js'
import { idempotencyKeySchema } from '../idempotency-key.js'
import { authorSchema, metadataSchema } from '../message.js'
import { referenceSchema } from './common.js'
import { spokenSchema, turnFields } from './spoken.js'

/** A client's own name for a message, said again in the answer. */
const requestIdSchema = z.string().min(1).max(200)

/** Behind which event to go on, as in `Last-Event-ID`: the `id` of an event or a stamp; without it from now on. */
const sinceSchema = z.string().min(1).max(200)

const asked = { request_id: requestIdSchema.optional() }

const said = { author: authorSchema.optional(), metadata: metadataSchema.optional() }

/** What a client says over a socket, by its `type`. */
export const clientMessages = {
  /** The first message, when neither a header nor a subprotocol has brought the token. */
  authenticate: z.strictObject({ ...asked, type: z.literal('authenticate'), token: z.string().max(10_000) }),
  /**
   * Follow this workstream, too; named again, from another place. Without one: everything, instead of what was followed.
   */
  subscribe: z.strictObject({
    ...asked,
    type: z.literal('subscribe'),
    workstream: referenceSchema.optional(),
    since: sinceSchema.optional(),
    /** Follow only this from now on. */
    replace: z.boolean().default(false),
  }),
  /**
   * A turn, by default in scratch. What happens in it is told to those who follow its workstream; with `stream` it is
   * also told here from its beginning, under the `request_id`.
   */
  chat: z
    .strictObject({
      ...asked,
      type: z.literal('chat'),
      message: spokenSchema,
      workstream: referenceSchema.optional(),
      ...said,
      ...turnFields,
      idempotency_key: idempotencyKeySchema.optional(),
    })
    .refine(({ stream, request_id }) => !stream || request_id !== undefined, {
      path: ['request_id'],
      error: 'is needed to know the events of the turn by',
    }),
  /** A message of an agent or a background job. */
  push: z.strictObject({
    ...asked,
    type: z.literal('push'),
    workstream: referenceSchema,
    content: spokenSchema,
    ...said,
    idempotency_key: idempotencyKeySchema.optional(),
  }),
  /** Stops a turn of this server; without an id the one that runs. What came until then is kept. */
  cancel: z.strictObject({
    ...asked,
    type: z.literal('cancel'),
    workstream: referenceSchema,
    interaction_id: recordIdSchema.optional(),
  }),
  ping: z.strictObject({ ...asked, type: z.literal('ping') }),
}

export const clientMessageSchema = z.discriminatedUnion('type', [
  clientMessages.authenticate,
  clientMessages.subscribe,
  clientMessages.chat,
  clientMessages.push,
  clientMessages.cancel,
  clientMessages.ping,
])
