import type { StandsElsewhere } from '@arawn/core/workstream-operations'
import { type Desk, withManager } from '../command.js'
import { confirm } from '../confirm.js'
import { EXIT } from '../exit-code.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'

export async function purgeWorkstream(desk: Desk, [ref]: [ref: string], { yes }: { yes?: boolean }): Promise<void> {
  await withManager(desk, async (manager) => {
    const found = await manager.getWorkstream(ref)
    const what = `${found.id}  ${printableLine(titleOf(found))}`
    const question = `Move ${what} with ${counted(found.message_count, 'message')} to the trash?`
    if (!(await confirm(desk.world, question, yes))) {
      desk.exitWith(EXIT.conflict)
      return desk.world.stderr.write('Nothing was done.\n')
    }
    // By its id: the title may be somebody else's by now.
    const report = await manager.purgeWorkstream(found.id)
    if (desk.json) return desk.printJson(report)
    await desk.print(`purged ${what}`)
    for (const line of elsewhereLines(report.elsewhere)) await desk.print(printableLine(line))
    return desk.print(desk.colours.dim(`to undo it: arawn trash restore ${report.trashed.name}`))
  })
}

function elsewhereLines({ promotedTo, promotedFrom, forks, forkedFrom }: StandsElsewhere): string[] {
  return [
    ...promotedTo.map(
      ({ workstreamId, messages }) => `${counted(messages, 'message')} moved to ${workstreamId} stay there`,
    ),
    ...promotedFrom.map(
      ({ workstreamId, messages }) =>
        `${counted(messages, 'message')} that came from ${workstreamId} stay in its log, hidden`,
    ),
    ...forks.map((id) => `its fork ${id} stays`),
    ...(forkedFrom === null ? [] : [`it was a fork of ${forkedFrom.workstream_id}, which is not touched`]),
  ]
}
