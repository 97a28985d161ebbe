import type { Message } from '@arawn/core/message'
import { type Desk, withManager } from '../command.js'
import { messageText } from '../terminal/message-text.js'
import { allMessages } from './all-messages.js'

interface HistoryOptions {
  readonly limit: number
  readonly all?: boolean
  readonly before?: number | string
  readonly after?: number | string
  readonly around?: number | string
  readonly includePromoted?: boolean
}

export async function readHistory(desk: Desk, [ref]: [ref: string], options: HistoryOptions): Promise<void> {
  const { limit, all = false, before, after, around, includePromoted } = options
  await withManager(desk, async (manager) => {
    if (all) {
      for await (const message of allMessages(manager, ref, { includePromoted })) await print(desk, message)
      return
    }
    const page = await manager.listMessages(ref, { limit, before, after, around, includePromoted })
    const [first, last] = [page.items[0], page.items.at(-1)]
    if (page.hasOlder && first !== undefined) await hint(desk, `older: --before ${first.sequence}`)
    for (const message of page.items) await print(desk, message)
    if (page.hasNewer && last !== undefined) await hint(desk, `newer: --after ${last.sequence}`)
    if (page.items.length === 0) await hint(desk, 'No messages.')
  })
}

async function print(desk: Desk, message: Message): Promise<void> {
  if (desk.json) await desk.printJson(message)
  else await desk.print(messageText(message, desk.colours))
}

async function hint(desk: Desk, text: string): Promise<void> {
  if (!desk.json) await desk.print(desk.colours.dim(text))
}
