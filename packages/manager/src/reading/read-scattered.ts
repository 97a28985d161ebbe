import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { MessagePosition } from '@arawn/core/workstream-index'
import { messagesIn, rangeOf } from './read-messages.js'

// What lies between two messages is read, too, when it is less than this: a page of memory is copied sooner than it is asked
// for.
const NEAR_BYTES = 4 * 1024

/**
 * Messages that may stand far from each other: those of a ranking lie all over a log.
 *
 * @param positions ascending
 * @throws what `isStale` knows
 */
export async function readScattered(
  log: LogStore,
  workstreamId: WorkstreamId,
  positions: readonly MessagePosition[],
): Promise<Message[]> {
  const groups: MessagePosition[][] = []
  let end = Number.NEGATIVE_INFINITY
  for (const position of positions) {
    const group = groups.at(-1)
    if (group !== undefined && position.offset - end <= NEAR_BYTES) group.push(position)
    else groups.push([position])
    end = position.offset + position.length
  }
  if (groups.length === 0) return []
  const read = await log.readRanges(workstreamId, 'messages', groups.map(rangeOf))
  return groups.flatMap((group, index) => messagesIn(read[index] as Uint8Array, workstreamId, group))
}
