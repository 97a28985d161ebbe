import type { Session } from '@arawn/core/session'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { type Desk, withManager } from '../command.js'
import { relativeTime } from '../terminal/relative-time.js'
import { renderTable } from '../terminal/table.js'

interface ListOptions {
  readonly limit: number
  readonly after?: string
}

export async function listSessions(desk: Desk, [ref]: [ref: string], options: ListOptions): Promise<void> {
  await withManager(desk, (manager) => printSessions(desk, manager, ref, options))
}

export async function printSessions(
  desk: Desk,
  manager: WorkstreamManager,
  ref: string,
  { limit, after }: ListOptions,
): Promise<void> {
  const { items, next } = await manager.listSessions(ref, { limit, after, newestFirst: true })
  if (desk.json) return desk.printJson(...items)
  if (items.length === 0) await desk.print('No sessions.')
  else await desk.print(sessionTable(items, desk.world.now(), desk.world.stdout.columns))
  if (next !== undefined) await desk.print(desk.colours.dim(`more: --after ${next}`))
}

/** A terminal is narrow: what a session ended by says that it has ended. */
function sessionTable(sessions: readonly Session[], nowMs: number, width: number | undefined): string {
  const rows = sessions.map(({ id, status, reason, turn_count, message_count, started_at, ended_at }) => [
    id,
    reason === null ? status : width === undefined ? `${status} (${reason})` : reason,
    String(turn_count),
    String(message_count),
    relativeTime(started_at, nowMs),
    ended_at === null ? '' : relativeTime(ended_at, nowMs),
  ])
  return renderTable(['ID', 'STATUS', 'TURNS', 'MESSAGES', 'STARTED', 'ENDED'], rows, {
    width,
    shrink: [5, 4, 1],
    numeric: [2, 3],
  })
}
