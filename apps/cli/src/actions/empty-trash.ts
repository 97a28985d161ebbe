import type { TrashEntry } from '@arawn/core/trash-operations'
import { type Desk, withManager } from '../command.js'
import { badOption } from '../commands/options.js'
import { confirm } from '../confirm.js'
import { EXIT } from '../exit-code.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'

interface EmptyOptions {
  readonly olderThan?: number
  readonly yes?: boolean
}

const DAY_MS = 86_400_000

export async function emptyTrash(desk: Desk, [entry]: [entry?: string], options: EmptyOptions): Promise<void> {
  const { olderThan, yes } = options
  if (entry !== undefined && olderThan !== undefined)
    throw badOption('--older-than', 'is for all of the trash, not for one entry')
  const olderThanMs = (olderThan ?? 0) * DAY_MS
  await withManager(desk, async (manager) => {
    const one = entry === undefined ? undefined : await manager.findInTrash(entry)
    const chosen = one === undefined ? purgedBefore(await manager.listTrash(), desk.world.now() - olderThanMs) : [one]
    const what = one === undefined ? counted(chosen.length, 'workstream') : `${one.name} ${titleOf(one)}`
    if (chosen.length > 0 && !(await confirm(desk.world, printableLine(`Delete for good: ${what}?`), yes))) {
      desk.exitWith(EXIT.conflict)
      return desk.world.stderr.write('Nothing was done.\n')
    }
    const deleted = await manager.emptyTrash(one?.name ?? { olderThanMs })
    if (desk.json) return desk.printJson(...deleted)
    for (const { name, bytes } of deleted) await desk.print(`deleted ${name}  ${counted(bytes, 'byte')}`)
    return deleted.length === 0 ? desk.print('There was nothing to delete.') : undefined
  })
}

function purgedBefore(entries: readonly TrashEntry[], beforeMs: number): TrashEntry[] {
  return entries.filter(({ trashedAtMs }) => trashedAtMs <= beforeMs)
}
