import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import { type FollowParts, follow } from './follow.js'

/** What one socket follows: everything, or some workstreams. No event comes twice, for nothing is followed twice. */
export interface Followings {
  /**
   * @param workstream undefined: everything, instead of what was followed before
   * @returns begins to tell; what happens until then is not lost
   * @throws INVALID_INPUT `since` is no place, or it would be too many
   */
  follow(workstream: WorkstreamId | undefined, options: { since?: string | undefined; replace: boolean }): () => void
  end(): void
}

// Whoever wants more follows everything.
const MOST = 100

export function createFollowings(parts: FollowParts, failed: (error: unknown) => void): Followings {
  const followed = new Map<WorkstreamId | undefined, AbortController>()

  function forget(workstream: WorkstreamId | undefined): void {
    followed.get(workstream)?.abort()
    followed.delete(workstream)
  }

  return {
    follow(workstream, { since, replace }) {
      const isMore = !replace && workstream !== undefined && !followed.has(workstream) && !followed.has(undefined)
      if (isMore && followed.size >= MOST) throw tooMany()
      const end = new AbortController()
      const tell = follow(parts, { workstream, since, signal: end.signal })
      const isInstead = replace || workstream === undefined
      for (const other of [...followed.keys()])
        if (isInstead || other === undefined || other === workstream) forget(other)
      followed.set(workstream, end)
      return () =>
        void tell()
          .catch((error: unknown) => {
            if (!end.signal.aborted) failed(error)
          })
          .finally(() => {
            if (followed.get(workstream) === end) followed.delete(workstream)
          })
    },
    end() {
      for (const workstream of [...followed.keys()]) forget(workstream)
    },
  }
}

function tooMany(): WorkstreamError<'INVALID_INPUT'> {
  const problem = `a socket follows ${MOST} workstreams at most; follow everything, or open another one`
  return new WorkstreamError('INVALID_INPUT', `workstream: ${problem}`, { path: 'workstream', problem })
}
