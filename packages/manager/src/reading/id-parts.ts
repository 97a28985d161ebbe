import type { IdParts } from '@arawn/core/workstream-index'

const DRAWN = 'ws_'
// Shorter parts would mean another workstream tomorrow than today. `ws_` says nothing and does not count.
const ID_PART = /^[a-z0-9_-]{4,64}$/

/**
 * The ids that a reference may be part of: those that begin so, with or without `ws_`, or that we drew and end so.
 *
 * @returns nothing when it is no part of an id, or too short for one
 */
export function idPartsOf(reference: string): IdParts[] {
  const whole = reference.toLowerCase()
  const part = whole.startsWith(DRAWN) ? whole.slice(DRAWN.length) : whole
  if (!ID_PART.test(part)) return []
  const begins = { begin: whole, end: '' }
  // An id that we drew begins with the time, so those of one day look alike; its end is random.
  return whole === part ? [begins, { begin: DRAWN + part, end: '' }, { begin: DRAWN, end: part }] : [begins]
}
