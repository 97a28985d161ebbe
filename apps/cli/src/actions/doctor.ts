import type { VerifyReport } from '@arawn/manager/workstream-manager'
import { type Desk, withManager } from '../command.js'
import { EXIT } from '../exit-code.js'
import { counted } from '../terminal/counted.js'
import { printableLine } from '../terminal/printable.js'
import { createProgress } from '../terminal/progress.js'

export async function doctor(desk: Desk): Promise<void> {
  await withManager(desk, async (manager) => {
    const progress = createProgress(desk.world.stderr, desk.world.now)
    progress.show('looking at every byte')
    const report = await manager.verify().finally(progress.end)
    if (!report.ok) desk.exitWith(EXIT.problemsFound)
    if (desk.json) return desk.printJson(report)
    return printReport(desk, report)
  })
}

async function printReport({ print, colours }: Desk, report: VerifyReport): Promise<void> {
  const { ok, workstreams, messages, anomalies, problems, quarantine } = report
  await print(`${counted(workstreams, 'workstream')}, ${counted(messages, 'message')}`)
  for (const { problem } of problems) await print(`${colours.red('problem')}  ${printableLine(problem)}`)
  const kinds = new Map<string, number>()
  for (const { workstream_id, log, kind } of anomalies) {
    const what = `${kind} in ${log}.jsonl of ${workstream_id}`
    kinds.set(what, (kinds.get(what) ?? 0) + 1)
  }
  for (const [what, count] of kinds)
    await print(`${colours.dim('anomaly')}  ${printableLine(`${count} x ${what}`)}; counted, harmless`)
  for (const { workstreamId, log, bytes, location } of quarantine) {
    const what = `${counted(bytes, 'byte')} of an unfinished line of ${log}.jsonl of ${workstreamId}: ${location}`
    await print(`${colours.dim('kept')}     ${printableLine(what)}`)
  }
  await print(ok ? 'All is well.' : `${counted(problems.length, 'problem')} found.`)
}
