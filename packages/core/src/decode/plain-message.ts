import * as z from 'zod'
import { type Role, roleSchema } from '../message.js'
import type { Stamp } from '../stamp.js'

/** A message with nothing but what all of them have, and what those of turns have. */
export type PlainMessage = {
  id: string
  session_id: string
  timestamp: string
  role: Role
  content: string
  author?: string
  interaction_id?: string
  v: 1
  stamp: Stamp
}

/**
 * Checks what most lines of a log are by hand, which takes a tenth of the time that a schema does: a lost index waits for
 * it twice a message. Whatever is not as we write it is left to the schema, which decides.
 *
 * @param value as JSON.parse made it
 * @returns what the schema would, with keys in the same order; undefined for what it has to look at
 */
export function plainMessage(value: object): PlainMessage | undefined {
  const { id, session_id, timestamp, role, content, author, interaction_id, v, stamp } = value as Record<
    string,
    unknown
  >
  if (!isText(id) || !isText(session_id) || typeof content !== 'string' || !isRole(role)) return undefined
  if (v !== 1 || typeof stamp !== 'number' || !Number.isSafeInteger(stamp) || stamp <= 0) return undefined
  if (typeof timestamp !== 'string' || !INSTANT.test(timestamp)) return undefined
  let keys = 7
  const message = { id, session_id, timestamp, role, content } as PlainMessage
  if (author !== undefined) {
    if (!isText(author)) return undefined
    message.author = author
    keys++
  }
  if (interaction_id !== undefined) {
    if (!isText(interaction_id)) return undefined
    message.interaction_id = interaction_id
    keys++
  }
  message.v = v
  message.stamp = stamp
  for (const _ in value) keys--
  return keys === 0 ? message : undefined
}

/** As `recordIdSchema` and the author of a message. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 200
}

function isRole(value: unknown): value is Role {
  return roles.has(value as Role)
}

const roles: ReadonlySet<Role> = new Set(roleSchema.options)
const INSTANT = z.regexes.datetime({ offset: true })
