import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import { eventTypeOf, type RecordEvent, type WorkstreamEvent } from '@arawn/core/workstream-event'
import type { MessagePosition } from '@arawn/core/workstream-index'
import { readMessages } from '../reading/read-messages.js'
import type { Entry } from './log-tail.js'
import { cursorOf } from './place.js'

/** Makes events of what was found, with one read for all messages of a workstream. */
export async function readEvents(log: LogStore, entries: readonly Entry[]): Promise<WorkstreamEvent[]> {
  const wanted = new Map<WorkstreamId, MessagePosition[]>()
  for (const { place, found } of entries)
    if ('message' in found) {
      const positions = wanted.get(place.workstreamId)
      if (positions === undefined) wanted.set(place.workstreamId, [found.message])
      else positions.push(found.message)
    }
  const read = new Map<WorkstreamId, Iterator<Message>>()
  for (const [id, positions] of wanted) read.set(id, (await readMessages(log, id, positions)).values())
  return entries.map(({ place, found }): WorkstreamEvent => {
    const placed = { cursor: cursorOf(place), stamp: place.stamp, workstream_id: place.workstreamId }
    // The type and its record belong together; the compiler cannot follow a union through a function.
    if ('record' in found) return { ...placed, type: eventTypeOf(found.record), record: found.record } as RecordEvent
    // Both are in the order of the log.
    return { ...placed, type: 'message.created', message: read.get(place.workstreamId)?.next().value as Message }
  })
}
