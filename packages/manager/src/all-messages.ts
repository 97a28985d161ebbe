import type { Message } from '@arawn/core/message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'

const PAGE = 500

/** A whole history, page by page, however long it is. */
export async function* allMessages(
  manager: Pick<WorkstreamManager, 'listMessages'>,
  ref: string,
  options: { includePromoted?: boolean | undefined } = {},
): AsyncGenerator<Message> {
  for (let after = 0, more = true; more; ) {
    const page = await manager.listMessages(ref, { after, limit: PAGE, ...options })
    yield* page.items
    after = page.items.at(-1)?.sequence ?? after
    more = page.hasNewer && page.items.length > 0
  }
}
