import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { Turn } from '@arawn/core/turn'
import type { IndexReader } from '@arawn/core/workstream-index'
import { readMessages } from './read-messages.js'

const PAGE = 200

/** Its own message and all that answers it. Pushes may stand in between; the next turn is behind it. */
export async function readTurnMessages(
  { rows, log }: { rows: IndexReader; log: LogStore },
  { workstream_id: workstreamId, interaction_id, message_id }: Turn,
): Promise<Message[]> {
  const first = await rows.message(workstreamId, message_id)
  const found: Message[] = []
  for (let after = (first?.sequence ?? 1) - 1; first !== undefined; ) {
    const page = await rows.messages({ workstreamId, after, limit: PAGE, includePromoted: true })
    for (const message of await readMessages(log, workstreamId, page.items)) {
      if (message.interaction_id === interaction_id) found.push(message)
      else if (message.role === 'user') return found
    }
    const last = page.items.at(-1)
    if (!page.hasMore || last === undefined) return found
    after = last.sequence
  }
  return found
}
