import type { WorkstreamId } from '@arawn/core/id'
import type { Lookout } from './lookout.js'
import type { SharedTail } from './shared-tail.js'

/** Those who follow the same: a workstream, or everything. */
export interface Group {
  readonly only: WorkstreamId | undefined
  /** Nobody is in it any more. */
  readonly ending: AbortSignal
  /** Made by the first who is level. */
  tail: SharedTail | undefined
}

export interface Groups {
  enter(only: WorkstreamId | undefined): Group
  leave(group: Group): void
}

export function createGroups(lookout: Lookout): Groups {
  const groups = new Map<
    WorkstreamId | undefined,
    { readonly group: Group; members: number; readonly end: () => void }
  >()

  return {
    enter(only) {
      const found = groups.get(only)
      if (found !== undefined) {
        found.members += 1
        return found.group
      }
      const ending = new AbortController()
      const stopLooking = lookout.watch(only)
      const end = () => {
        ending.abort()
        stopLooking()
      }
      const group: Group = { only, ending: ending.signal, tail: undefined }
      groups.set(only, { group, members: 1, end })
      return group
    },
    leave({ only }) {
      const found = groups.get(only)
      if (found === undefined) return
      found.members -= 1
      if (found.members > 0) return
      groups.delete(only)
      found.end()
    },
  }
}
