import type { Role } from '@arawn/core/message'
import type { SearchMessagesInput } from '@arawn/core/search-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { type Desk, withManager } from '../command.js'
import { instant } from '../commands/instant.js'
import { foundMessageText } from '../terminal/found-message-text.js'
import { createProgress } from '../terminal/progress.js'

interface SearchOptions {
  readonly workstream?: string
  readonly session?: string
  readonly role?: Role
  readonly author?: string
  readonly since?: string
  readonly until?: string
  readonly limit: number
  readonly newest?: boolean
  readonly all?: boolean
  readonly promoted?: boolean
}

// A million messages become searchable in this time; nobody else does it for a command that runs by itself.
const PATIENCE_MS = 120_000
const PAGE = 1_000

export async function searchMessages(desk: Desk, [words]: [words: string[]], options: SearchOptions): Promise<void> {
  const { workstream, session, role, author, since, until, limit, newest = false, all = false, promoted } = options
  const nowMs = desk.world.now()
  const input: SearchMessagesInput = {
    query: words.join(' '),
    workstream,
    session,
    role,
    author,
    since: since === undefined ? undefined : instant('--since', since, nowMs),
    until: until === undefined ? undefined : instant('--until', until, nowMs),
    order: newest || all ? 'newest' : 'relevance',
    includePromoted: promoted,
    // It was done before.
    withinMs: 0,
  }
  await withManager(desk, (manager) => printFound(desk, manager, input, { limit, all }))
}

export async function printFound(
  desk: Desk,
  manager: WorkstreamManager,
  input: SearchMessagesInput,
  { limit, all = false }: { limit: number; all?: boolean },
): Promise<void> {
  await bringLevel(desk, manager)
  let shown = 0
  let isPartial = false
  let complete = true
  let next: string | undefined
  do {
    const wanted = all ? PAGE : Math.min(PAGE, limit - shown)
    const answer = await manager.searchMessages({ ...input, limit: wanted, after: next })
    if (answer.nothingAsked === true) return tell(desk, 'The query has no words to search for.')
    if (desk.json) await desk.printJson(...answer.items)
    else
      for (const item of answer.items) {
        if (item.partial === true && !isPartial) await desk.print(desk.colours.dim(partialHead(shown)))
        isPartial = item.partial === true
        await desk.print(foundMessageText(item, desk.colours))
        shown++
      }
    if (desk.json) shown += answer.items.length
    complete = answer.complete
    next = answer.next
  } while (next !== undefined && (all || shown < limit))
  if (!desk.json && shown === 0) await desk.print('Nothing found.')
  if (!desk.json && next !== undefined)
    // All of them are those that match.
    await desk.print(desk.colours.dim(isPartial ? 'more: --limit <n>' : 'more: --limit <n> or --all'))
  if (!complete) await tell(desk, 'Not every message could be looked at yet; the same search may find more soon.')
}

async function bringLevel({ world }: Desk, manager: WorkstreamManager): Promise<void> {
  const progress = createProgress(world.stderr, world.now)
  await manager
    .levelSearch({
      withinMs: PATIENCE_MS,
      onProgress: ({ messagesDone, messagesTotal }) =>
        progress.show(`preparing search: ${Math.floor((100 * messagesDone) / Math.max(1, messagesTotal))} %`),
    })
    .finally(progress.end)
}

function partialHead(shown: number): string {
  return shown === 0
    ? 'No message has all of the words. These have some, or stand beside them:\n'
    : 'These have some of the words, or stand beside them:\n'
}

/** On stderr: what is on stdout may go to a program. */
async function tell({ world }: Desk, text: string): Promise<void> {
  await world.stderr.write(`arawn: ${text}\n`)
}
