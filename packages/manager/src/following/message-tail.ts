import type { WorkstreamId } from '@arawn/core/id'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import { createEntries, type LogTail } from './log-tail.js'
import { comparePlaces, type Place } from './place.js'

/** The tail of messages.jsonl, as the rows have it: they know where each message stands, also what was written by hand. */
export function createMessageTail(
  index: Pick<IndexReader, 'messages'>,
  workstreamId: WorkstreamId,
  after: Place,
): LogTail {
  const entries = createEntries()
  /** Up to here everything was at hand already. */
  let sequence: number | undefined

  const placeOf = (row: MessagePosition): Place => ({
    stamp: row.stamp,
    workstreamId,
    log: 'messages',
    sequence: row.sequence,
  })

  async function rowsAfter(border: number, limit: number): Promise<MessagePosition[]> {
    return (await index.messages({ workstreamId, after: border, limit, includePromoted: true })).items
  }

  /** The greatest sequence up to which every line lies before the place. Stamps never fall along a log. */
  async function seek(lines: number): Promise<number> {
    let [low, high] = [0, lines]
    for (let probe = 0; low < high; probe = Math.floor((low + high) / 2)) {
      const [row] = await rowsAfter(probe, 1)
      if (row === undefined || comparePlaces(placeOf(row), after) > 0) high = probe
      else low = row.sequence
    }
    return low
  }

  return {
    ...entries,
    async fill(head, most) {
      if (entries.next() !== undefined) return
      sequence ??= await seek(head.lines)
      if (sequence >= head.lines) return
      const rows = await rowsAfter(sequence, most)
      const within = rows.filter((row) => row.sequence <= head.lines)
      entries.put(within.map((row) => ({ place: placeOf(row), found: { message: row } })))
      // What is left may be lines that are passed over.
      sequence = within.length === most ? (within.at(-1)?.sequence ?? sequence) : head.lines
    },
  }
}
