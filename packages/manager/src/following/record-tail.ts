import type { WorkstreamId } from '@arawn/core/id'
import { type DecodedLine, decodeLine } from '@arawn/core/line'
import type { LogStore } from '@arawn/core/log-store'
import type { Stamp } from '@arawn/core/stamp'
import { isEventRecord } from '@arawn/core/workstream-event'
import type { IndexHead } from '@arawn/core/workstream-index'
import { createEntries, type Entry, type LogTail, StaleTail } from './log-tail.js'
import { comparePlaces, type Place } from './place.js'

/**
 * The tail of workstream.jsonl or sessions.jsonl. It is read once from the beginning, since where its stamps pass some
 * place is written nowhere, and from there on only where it has grown.
 */
export function createRecordTail(
  log: LogStore,
  workstreamId: WorkstreamId,
  name: 'workstream' | 'sessions',
  after: Place,
): LogTail {
  const entries = createEntries()
  let bytes = 0
  let sequence = 0
  let stamp: Stamp = 0

  function take(offset: number, line: Uint8Array): Entry | undefined {
    sequence++
    bytes = offset + line.byteLength + 1
    const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8')
    const record = recordOf(decodeLine(name, text))
    // A line counts as no earlier than those before it.
    stamp = Math.max(stamp, record?.stamp ?? 0)
    if (record === undefined || !isEventRecord(record)) return undefined
    const place = { stamp, workstreamId, log: name, sequence }
    return comparePlaces(place, after) > 0 ? { place, found: { record } } : undefined
  }

  const isAt = (head: IndexHead) => bytes === head.bytes && sequence === head.lines && stamp === head.lastStamp

  return {
    ...entries,
    async fill(head, most) {
      if (entries.next() !== undefined) return
      if (isAt(head)) return
      const more: Entry[] = []
      reading: for await (const lines of log.read(workstreamId, name, bytes, Math.max(bytes, head.bytes)))
        for (const line of lines) {
          const entry = take(line.offset, line.bytes)
          if (entry !== undefined && more.push(entry) === most) break reading
        }
      entries.put(more)
      if (more.length < most && !isAt(head)) throw new StaleTail(workstreamId)
    },
  }
}

function recordOf(line: DecodedLine) {
  return line.kind === 'record' ? line.record : undefined
}
