import type { TrashEntry } from '@arawn/core/trash-operations'
import { type Desk, withManager } from '../command.js'
import { relativeTime } from '../terminal/relative-time.js'
import { renderTable } from '../terminal/table.js'
import { titleOf } from '../terminal/title-of.js'

export async function listTrash(desk: Desk): Promise<void> {
  await withManager(desk, async (manager) => {
    const entries = await manager.listTrash()
    if (desk.json) return desk.printJson(...entries)
    if (entries.length === 0) return desk.print('The trash is empty.')
    return desk.print(trashTable(entries, desk.world.now(), desk.world.stdout.columns))
  })
}

function trashTable(entries: readonly TrashEntry[], nowMs: number, width: number | undefined): string {
  const rows = entries.map((entry) => [
    width === undefined ? entry.name : shortName(entry, entries),
    titleOf(entry),
    String(entry.bytes),
    relativeTime(new Date(entry.trashedAtMs).toISOString(), nowMs),
  ])
  return renderTable(['ENTRY', 'TITLE', 'BYTES', 'PURGED'], rows, { width, shrink: [1], numeric: [2] })
}

/** The time with which the name begins says which entry is meant, unless another one came in the same millisecond. */
function shortName({ name, workstreamId }: TrashEntry, entries: readonly TrashEntry[]): string {
  const time = name.slice(0, name.indexOf(`.${workstreamId}`))
  return entries.filter((other) => other.name.startsWith(time)).length === 1 ? time : name
}
