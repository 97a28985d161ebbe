/**
 * Authors as OpenAI's `name`, which takes no spaces and none of `< | \ / >`: those are written as in a URL (`%20`).
 *
 * A push of an agent has no role of its own there. It goes out as what the model should take it for, a message of the
 * user's side with no more say than one, named `agent_push` or `agent_push.<author>`.
 */

const PUSH = 'agent_push'
const MAX_AUTHOR = 200

export interface NamedAuthor {
  readonly isPush: boolean
  readonly author: string | undefined
}

export function nameOf({ isPush, author }: NamedAuthor): string | undefined {
  const name = author === undefined || author === '' ? undefined : author.replace(/[\s<|\\/>%]/g, encodeURIComponent)
  if (isPush) return name === undefined ? PUSH : `${PUSH}.${name}`
  // Somebody who is really called so must not come back as a push.
  return name !== undefined && isPushName(name) ? name.replace('a', '%61') : name
}

export function authorIn(name: string): NamedAuthor {
  if (!isPushName(name)) return { isPush: false, author: decoded(name) }
  return { isPush: true, author: decoded(name.slice(PUSH.length + 1)) }
}

function isPushName(name: string): boolean {
  return name === PUSH || name.startsWith(`${PUSH}.`)
}

function decoded(name: string): string | undefined {
  const author = unescaped(name).trim()
  return author === '' || author.length > MAX_AUTHOR ? undefined : author
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
