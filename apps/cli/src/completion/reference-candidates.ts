import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'
import type { Candidate } from './what-to-complete.js'

/** A workstream, or an entry of the trash. */
export interface Named {
  readonly title: string | null
  /** Whole ones first. The last is shown beside a title. */
  readonly ids: readonly string[]
  readonly about: string
}

/**
 * The ways to name things that begin as somebody has begun: by title, where only one has it and it can be typed; else by
 * id. Letters that were typed stay as they are, in upper or lower case.
 */
export function referenceCandidates(things: readonly Named[], typed: string): Candidate[] {
  const titles = new Map<string, number>()
  for (const { title } of things)
    if (title !== null) titles.set(title.toLowerCase(), (titles.get(title.toLowerCase()) ?? 0) + 1)
  const isName = (title: string | null): title is string =>
    title !== null && title === printableLine(title) && !title.startsWith('-') && titles.get(title.toLowerCase()) === 1

  return things.flatMap((thing) => {
    const { title, ids, about } = thing
    const byTitle = isName(title) ? [{ word: title, description: `${ids.at(-1)}, ${about}` }] : []
    const byId = ids.map((word) => ({ word, description: printableLine(`${titleOf(thing)}, ${about}`) }))
    const names = typed === '' && byTitle.length > 0 ? byTitle : [...byTitle, ...byId]
    const [first] = names.filter(({ word }) => word.toLowerCase().startsWith(typed.toLowerCase()))
    return first === undefined ? [] : [{ ...first, word: typed + first.word.slice(typed.length) }]
  })
}
