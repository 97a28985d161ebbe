import type { Role } from '@arawn/core/message'
import type { JsonObject } from '../json-value.js'

/** A message while its file is still being read: later lines may add to its metadata. */
export interface DraftMessage {
  readonly key: string
  readonly role: Role
  readonly content: string
  readonly timestamp?: string
  readonly metadata: JsonObject
}
