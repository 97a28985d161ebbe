import { fromUUIDBytes } from 'typeid-js'
import * as z from 'zod'
import { nextUuid } from './uuid/next-uuid.js'

/** What an id is of; the part of a TypeID before the underscore. */
export type IdPrefix = 'ws' | 'ses' | 'msg' | 'sum' | 'int' | 'pro' | 'run' | 'bat'

export const SCRATCH_ID = 'scratch'

const WORKSTREAM_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/

/**
 * A workstream's id: a TypeID (`ws_…`) or a name of the user's own. It is also the name of the workstream's folder,
 * so it is never a path and never a name that Windows keeps for a device.
 */
export const workstreamIdSchema = z
  .string()
  .regex(WORKSTREAM_ID, { error: 'must be 1 to 64 of a-z, 0-9, "_" and "-", and start with a letter or digit' })
  .refine((id) => !WINDOWS_DEVICE.test(id), { error: 'is a device name on Windows' })

/**
 * Ids inside a log: ours are TypeIDs (`ses_`, `msg_`, `sum_`, `int_`, `pro_`, `bat_` and a UUIDv7 in base32), but whatever a log
 * holds is kept, as long as it is a string of 1 to 200 characters.
 */
export const recordIdSchema = z.string().min(1).max(200)

export type WorkstreamId = string
export type SessionId = string
export type MessageId = string
export type InteractionId = string

/** As the schema says, for the many places where every message passes. */
export function isWorkstreamId(value: string): value is WorkstreamId {
  return WORKSTREAM_ID.test(value) && !WINDOWS_DEVICE.test(value)
}

/** Makes new ids. Given as an argument so that decisions stay repeatable. */
export interface IdSource {
  next(prefix: IdPrefix): string
}

/** TypeIDs on UUIDv7: they sort by the millisecond in which they were made, those of one process in their order. */
export const typeIds: IdSource = { next: (prefix) => fromUUIDBytes(prefix, nextUuid()) }

/** The TypeID of 16 given bytes, for ids that are derived instead of drawn. */
export function idFromBytes(prefix: IdPrefix, bytes: Uint8Array): string {
  return fromUUIDBytes(prefix, bytes.slice(0, 16))
}
