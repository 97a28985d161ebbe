import type { Message } from '@arawn/core/message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { allMessages } from '@arawn/manager/all-messages'
import { type Desk, withManager } from '../command.js'
import { messageText } from '../terminal/message-text.js'
import { turnFailure } from '../terminal/turn-failure.js'
import { follow } from './follow.js'

interface HistoryOptions {
  readonly limit: number
  readonly all?: boolean
  readonly before?: number | string
  readonly after?: number | string
  readonly around?: number | string
  readonly includePromoted?: boolean
  readonly follow?: boolean
}

export async function readHistory(desk: Desk, [ref]: [ref: string], options: HistoryOptions): Promise<void> {
  await withManager(desk, async (manager) => {
    if (options.follow !== true) {
      await printPage(desk, manager, ref, options)
      return
    }
    // Begun before the page is read, so that nothing falls between the two.
    const events = follow(desk, manager, { workstream: ref })
    let shown = await printPage(desk, manager, ref, options)
    for await (const event of events) {
      if (event.type === 'workstream.resync') await hint(desk, 'Messages from before have come: look at it again.')
      if (event.type === 'turn.failed' || event.type === 'turn.cancelled') await hint(desk, turnFailure(event.record))
      if (event.type !== 'message.created' || event.message.sequence <= shown) continue
      shown = event.message.sequence
      await print(desk, event.message)
    }
  })
}

/** @returns the sequence of the last message that was printed; 0 when there was none */
async function printPage(
  desk: Desk,
  manager: WorkstreamManager,
  ref: string,
  { limit, all = false, before, after, around, includePromoted, follow = false }: HistoryOptions,
): Promise<number> {
  const failures = await failuresOf(desk, manager, ref)
  if (all) return printTurns(desk, allMessages(manager, ref, { includePromoted }), failures)
  const page = await manager.listMessages(ref, { limit, before, after, around, includePromoted })
  const [first, last] = [page.items[0], page.items.at(-1)]
  if (page.hasOlder && first !== undefined) await hint(desk, `older: --before ${first.sequence}`)
  await printTurns(desk, page.items, failures)
  if (page.hasNewer && last !== undefined) await hint(desk, `newer: --after ${last.sequence}`)
  if (page.items.length === 0 && !follow) await hint(desk, 'No messages.')
  return last?.sequence ?? 0
}

/** Why turns have no whole answer, by their ids. */
async function failuresOf(desk: Desk, manager: WorkstreamManager, ref: string): Promise<Map<string, string>> {
  if (desk.json) return new Map()
  const turns = await manager.listFailedTurns(ref, { limit: MOST_FAILURES })
  return new Map(turns.map((turn) => [turn.interaction_id, turnFailure(turn)]))
}

// Older ones are left without their reason.
const MOST_FAILURES = 1_000

/** Messages, and behind the last one of a turn that failed why it did. @returns the sequence of the last message */
async function printTurns(
  desk: Desk,
  messages: AsyncIterable<Message> | Iterable<Message>,
  failures: ReadonlyMap<string, string>,
): Promise<number> {
  let before: Message | undefined
  const endTurn = async () => {
    const failure = failures.get(before?.interaction_id ?? '')
    if (failure !== undefined) await hint(desk, failure)
  }
  for await (const message of messages) {
    if (message.interaction_id !== before?.interaction_id) await endTurn()
    await print(desk, message)
    before = message
  }
  await endTurn()
  return before?.sequence ?? 0
}

async function print(desk: Desk, message: Message): Promise<void> {
  if (desk.json) await desk.printJson(message)
  else await desk.print(messageText(message, desk.colours))
}

async function hint(desk: Desk, text: string): Promise<void> {
  if (!desk.json) await desk.print(desk.colours.dim(text))
}
