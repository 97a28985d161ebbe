import { listLeftovers, type RestoringParts, removeLeftovers } from '../restore/restoring-folder.js'
import type { Trash } from './trash.js'

/** What those who died in the middle left behind: of restores, and of deletions from the trash. */
export interface Leftovers {
  list(): string[]
  /** Only the holder of the write lock may call it: whoever restores has it. @returns what is gone */
  remove(): string[]
}

export function createLeftovers(parts: RestoringParts & { readonly trash: Trash }): Leftovers {
  const list = () => [...listLeftovers(parts), ...parts.trash.leftovers()]
  return {
    list,
    remove() {
      const before = list()
      removeLeftovers(parts)
      parts.trash.removeLeftovers()
      const left = new Set(list())
      return before.filter((location) => !left.has(location))
    },
  }
}
