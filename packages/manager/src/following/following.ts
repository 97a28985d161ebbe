import { hasCode } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { Stamp } from '@arawn/core/stamp'
import { stoppable } from '@arawn/core/stoppable'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { SubscribeInput } from '@arawn/core/workstream-manager'
import { subscribeSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import type { Desk } from '../operations/desk.js'
import { StalePositions } from '../reading/read-messages.js'
import { createEventPages, type EventPages } from './event-pages.js'
import { createGroups, type Group } from './groups.js'
import { StaleTail } from './log-tail.js'
import type { Lookout } from './lookout.js'
import { behindStamp, comparePlaces, type Place, parseCursor } from './place.js'
import { createSharedTail, type SharedTail } from './shared-tail.js'
import type { Wakes } from './wakes.js'

/**
 * Those who follow. Each pulls pages of events out of the logs at its own pace until it has seen all. From there on those
 * who follow the same share one reading, and the events that come of it:
 *
 *     read a page ──► hand its events over, one by one ──► read the next page
 *         ▲                                                   │ empty
 *         └── fallen behind ── the shared tail, event by event ◄┘   which waits for commits, ours and those of others
 */
export interface Following {
  subscribe(input?: SubscribeInput): AsyncIterableIterator<WorkstreamEvent>
  lastStamp(): Promise<Stamp>
  /** Ends them all, as if there was nothing more to come. */
  close(): void
}

/** How often in a row the logs may turn out to be others than the index says. */
const STALE_ATTEMPTS = 5
const RETRY_AFTER_MS = 100

export function createFollowing(desk: Desk, { wakes, lookout }: { wakes: Wakes; lookout: Lookout }): Following {
  const { index, queue, care, read } = desk
  const open = new Set<AbortController>()
  const groups = createGroups(lookout)
  let closed = false

  /** Everything that was answered in this process lies before it. Begun at once, before anybody can write more. */
  async function lastStamp(): Promise<Stamp> {
    const own = queue.lastStamp()
    try {
      return Math.max(own, await index.lastStamp())
    } catch (error) {
      if (!hasCode(error, 'INDEX_UNUSABLE')) throw error
      await care.ready()
      return Math.max(own, await index.lastStamp())
    }
  }

  async function* follow(
    start: Promise<Place>,
    { workstream, signal }: Pick<SubscribeInput, 'workstream' | 'signal'>,
    end: AbortController,
  ): AsyncGenerator<WorkstreamEvent, void> {
    if (closed || signal?.aborted === true) return
    const ending = end.signal
    const aborted = () => end.abort()
    let leave = () => {}
    try {
      open.add(end)
      signal?.addEventListener('abort', aborted)
      const only = workstream === undefined ? undefined : await read(workstream, async ({ id }) => id)
      await care.ready()
      const after = await start
      const group = groups.enter(only)
      leave = () => groups.leave(group)
      yield* followWith(group, after, ending)
    } catch (error) {
      // What a close pulls out from under a reader is no failure of its.
      if (!ending.aborted) throw error
    } finally {
      leave()
      open.delete(end)
      signal?.removeEventListener('abort', aborted)
    }
  }

  async function* followWith(group: Group, start: Place, ending: AbortSignal): AsyncGenerator<WorkstreamEvent, void> {
    let after = start
    let pages: EventPages | undefined
    while (!ending.aborted) {
      const { tail } = group
      let position = tail?.positionBehind(after)
      while (tail !== undefined && position !== undefined && !ending.aborted) {
        pages = undefined
        const next = tail.at(position)
        if (next === 'gone') break
        if (next === undefined) await tail.more(ending)
        else {
          position += 1
          // The tail may not have come as far as the place where this one began.
          if (comparePlaces(next.place, after) <= 0) continue
          after = next.place
          yield next.event
        }
      }
      if (position !== undefined) continue

      pages ??= createEventPages(desk, after, group.only)
      const own = pages
      const seen = wakes.count()
      const floor = tail?.floor()
      const read = async () => ({ visible: await index.lastStamp(), page: await own.next() })
      const { visible, page } = (await patiently(read, ending)) ?? { visible: 0, page: [] }
      for (const event of page) {
        if (ending.aborted) return
        after = parseCursor(event.cursor)
        yield event
      }
      if (page.length > 0 || group.tail !== tail) continue
      // There is nothing between this place and the end, as far as that can be seen already.
      if (tail === undefined && after.stamp <= visible) group.tail = shareTail(group, own, after)
      else if (floor !== undefined && floor.stamp <= visible && comparePlaces(after, floor) < 0) after = floor
      else await wakes.after(seen, ending)
    }
  }

  function shareTail(group: Group, pages: EventPages, after: Place): SharedTail {
    return createSharedTail(after, async () => {
      try {
        while (!group.ending.aborted) {
          const seen = wakes.count()
          const page = (await patiently(() => pages.next(), group.ending)) ?? []
          if (page.length > 0) return page
          await wakes.after(seen, group.ending)
        }
        return []
      } catch (error) {
        group.tail = undefined
        throw error
      }
    })
  }

  /** Passes over what is a matter of time: an index that is lost or rebuilt, a busy lock, logs that were exchanged. */
  async function patiently<Result>(read: () => Promise<Result>, ending: AbortSignal): Promise<Result | undefined> {
    for (let attempt = 1; !ending.aborted; attempt++) {
      try {
        return await read()
      } catch (error) {
        if (ending.aborted || (attempt >= STALE_ATTEMPTS && !takesTime(error))) throw error
        await mend(error, attempt).catch(async (failure: unknown) => {
          if (!takesTime(failure)) throw failure
          await pause()
        })
      }
    }
    return undefined
  }

  async function mend(error: unknown, attempt: number): Promise<void> {
    if (takesTime(error)) return pause()
    if (hasCode(error, 'INDEX_UNUSABLE')) return care.ready()
    const workstreamId = staleWorkstream(error)
    if (workstreamId === undefined) throw error
    // The first time it may only be that what was known of the logs is old.
    if (attempt > 1) await queue.catchUp(workstreamId, { afresh: attempt > 2 })
  }

  return {
    subscribe(input = {}) {
      const { signal, ...rest } = input
      const { since, workstream } = parseInput(subscribeSchema, rest)
      const start = since === undefined ? lastStamp().then(behindStamp) : Promise.resolve(parseCursor(since))
      // Nobody may ever ask for an event.
      start.catch(() => {})
      const end = new AbortController()
      return stoppable(follow(start, { workstream, signal }, end), end)
    },
    lastStamp,
    close() {
      closed = true
      for (const end of open) end.abort()
    },
  }
}

function takesTime(error: unknown): boolean {
  return hasCode(error, 'INDEX_REBUILDING') || hasCode(error, 'LOCK_TIMEOUT')
}

function staleWorkstream(error: unknown): WorkstreamId | undefined {
  if (error instanceof StaleTail || error instanceof StalePositions) return error.workstreamId
  return hasCode(error, 'LOG_READ_FAILED') ? error.details.workstreamId : undefined
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref())
}
