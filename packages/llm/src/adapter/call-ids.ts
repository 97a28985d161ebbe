import { createHash } from 'node:crypto'

/** Gives the calls of one history ids that every provider takes, and each result the id of its call. */
export interface CallIds {
  ofCall(id: string): string
  ofResult(id: string): string
}

/**
 * Ids were made by whichever model answered then. OpenAI takes at most 40 characters, Anthropic only letters, digits, `-` and
 * `_`, and no id twice; servers of local models begin with `call_0` in each answer. The same history gets the same ids.
 */
export function createCallIds(): CallIds {
  const seen = new Map<string, number>()
  const open = new Map<string, string[]>()
  return {
    ofCall(id) {
      const before = seen.get(id) ?? 0
      seen.set(id, before + 1)
      const given = before === 0 && /^[\w-]{1,40}$/.test(id) ? id : hashed(`${before} ${id}`)
      open.set(id, [...(open.get(id) ?? []), given])
      return given
    },
    ofResult(id) {
      const [oldest, ...others] = open.get(id) ?? []
      open.set(id, others)
      return oldest ?? hashed(id)
    },
  }
}

function hashed(text: string): string {
  return `call_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
}
