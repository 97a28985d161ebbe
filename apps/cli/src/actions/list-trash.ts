import type { TrashEntry } from '@arawn/manager/workstream-manager'
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
    entry.name,
    titleOf(entry),
    String(entry.bytes),
    relativeTime(new Date(entry.trashedAtMs).toISOString(), nowMs),
  ])
  return renderTable(['ENTRY', 'TITLE', 'BYTES', 'PURGED'], rows, { width, shrink: [1, 0], numeric: [2] })
}
