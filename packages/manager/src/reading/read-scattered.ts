import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { MessagePosition } from '@arawn/core/workstream-index'
import { readMessages } from './read-messages.js'

// What lies between two messages is read, too, when it is less than this: to open the log once more costs as much.
const NEAR_BYTES = 128 * 1024
const READ_TOGETHER = 16

/**
 * Messages that may stand far from each other.
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
  const messages: Message[] = []
  for (let from = 0; from < groups.length; from += READ_TOGETHER) {
    const read = groups.slice(from, from + READ_TOGETHER).map((group) => readMessages(log, workstreamId, group))
    messages.push(...(await Promise.all(read)).flat())
  }
  return messages
}
