import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { IndexHeads, WorkstreamIndex } from '@arawn/core/workstream-index'
import type { Entry, LogTail } from './log-tail.js'
import { createMessageTail } from './message-tail.js'
import { comparePlaces, type Place } from './place.js'
import { readEvents } from './read-events.js'
import { createRecordTail } from './record-tail.js'

/**
 * The events behind a place, in order, a page at a time: the logs of all workstreams, merged up to their heads in the
 * index.
 *
 * The heads are those of one moment, and whatever becomes visible later has greater stamps than all that was visible
 * before (decisions/0013-following.md). So nothing can turn up in front of a page that was read.
 */
export interface EventPages {
  /** Empty when there is nothing more for now. After an error the same page is read again. */
  next(): Promise<WorkstreamEvent[]>
}

const PAGE_EVENTS = 500
/** A page ends with the message that exceeds it. */
const PAGE_BYTES = 1024 * 1024
/** Lines at hand over all logs, some hundred bytes each: enough that one that is read alone is read in large pieces. */
const LINES_AT_HAND = 8_192
/** Workstreams of which it is remembered how far they were read, though they have nothing new. */
const WORKSTREAMS_REMEMBERED = 1_000

interface Tails {
  /** Which files the logs were. */
  readonly generations: string
  readonly tails: readonly LogTail[]
}

interface Source {
  readonly tail: LogTail
  readonly fill: () => Promise<void>
}

export function createEventPages(
  { log, index }: { log: LogStore; index: WorkstreamIndex },
  since: Place,
  only: WorkstreamId | undefined,
): EventPages {
  let after = since
  const known = new Map<WorkstreamId, Tails>()

  async function headsNow(): Promise<Map<WorkstreamId, IndexHeads>> {
    if (only === undefined) return index.headsFrom(after.stamp)
    const heads = await index.heads(only)
    return new Map(heads === undefined ? [] : [[only, heads]])
  }

  function tailsOf(id: WorkstreamId, heads: IndexHeads): readonly LogTail[] {
    const generations = logNames.map((name) => heads[name].generation).join()
    const found = known.get(id)
    if (found?.generations === generations) return found.tails
    const tails = [
      createRecordTail(log, id, 'workstream', after),
      createRecordTail(log, id, 'sessions', after),
      createMessageTail(index, id, after),
    ]
    known.set(id, { generations, tails })
    return tails
  }

  function forgetSome(used: ReadonlyMap<WorkstreamId, unknown>): void {
    for (const id of known.keys()) {
      if (known.size <= used.size + WORKSTREAMS_REMEMBERED) return
      if (!used.has(id)) known.delete(id)
    }
  }

  async function take(): Promise<Entry[]> {
    const heads = await headsNow()
    const most = Math.min(PAGE_EVENTS, Math.max(8, Math.floor(LINES_AT_HAND / (3 * heads.size + 1))))
    const sources: Source[] = []
    for (const [id, each] of heads)
      for (const [place, tail] of tailsOf(id, each).entries()) {
        const name = logNames[place] ?? 'messages'
        const fill = () => tail.fill(each[name], most)
        await fill()
        if (tail.next() !== undefined) sources.push({ tail, fill })
      }
    forgetSome(heads)
    return merge(sources)
  }

  return {
    async next() {
      try {
        const entries = await take()
        const events = await readEvents(log, entries)
        after = entries.at(-1)?.place ?? after
        return events
      } catch (error) {
        known.clear()
        throw error
      }
    },
  }
}

async function merge(sources: Source[]): Promise<Entry[]> {
  const page: Entry[] = []
  let bytes = 0
  // Last first, so that the next one is taken from the end.
  sources.sort((a, b) => compare(b, a))
  while (page.length < PAGE_EVENTS && bytes < PAGE_BYTES) {
    const source = sources.pop()
    const entry = source?.tail.next()
    if (source === undefined || entry === undefined) break
    page.push(entry)
    if ('message' in entry.found) bytes += entry.found.message.length
    source.tail.shift()
    await source.fill()
    if (source.tail.next() !== undefined) insert(sources, source)
  }
  return page
}

function insert(sources: Source[], source: Source): void {
  let [low, high] = [0, sources.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = sources[middle]
    if (other !== undefined && compare(other, source) > 0) low = middle + 1
    else high = middle
  }
  sources.splice(low, 0, source)
}

function compare(a: Source, b: Source): number {
  const [left, right] = [a.tail.next(), b.tail.next()]
  return left === undefined || right === undefined ? 0 : comparePlaces(left.place, right.place)
}
