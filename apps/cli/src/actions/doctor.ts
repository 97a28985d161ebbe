import type { KeptTail, VerifyReport } from '@arawn/core/maintenance-operations'
import { type Desk, withManager } from '../command.js'
import { badOption } from '../commands/options.js'
import { EXIT } from '../exit-code.js'
import { counted } from '../terminal/counted.js'
import { fit } from '../terminal/fit.js'
import { printableLine } from '../terminal/printable.js'
import { createProgress } from '../terminal/progress.js'
import { relativeTime } from '../terminal/relative-time.js'

interface DoctorOptions {
  readonly fix?: boolean
  readonly restoreTorn?: string
}

export async function doctor(desk: Desk, _args: [], { fix, restoreTorn }: DoctorOptions): Promise<void> {
  if (fix === true && restoreTorn !== undefined)
    throw badOption('--restore-torn', 'is asked for by itself, without --fix')
  if (restoreTorn !== undefined) return restoreTail(desk, restoreTorn)
  await withManager(desk, async (manager) => {
    const progress = createProgress(desk.world.stderr, desk.world.now)
    progress.show('looking at every byte')
    const work = fix === true ? manager.repair() : manager.verify().then((report) => ({ done: undefined, report }))
    const { done, report } = await work.finally(progress.end)
    if (!report.ok) desk.exitWith(EXIT.problemsFound)
    if (desk.json) return desk.printJson(done === undefined ? report : { done, report })
    for (const step of done ?? []) await desk.print(`${desk.colours.cyan('fixed')}    ${printableLine(step.done)}`)
    return printReport(desk, report)
  })
}

async function restoreTail(desk: Desk, name: string): Promise<void> {
  await withManager(desk, async (manager) => {
    const report = await manager.restoreTornTail(name)
    if (desk.json) return desk.printJson(report)
    const { workstreamId, added, alreadyThere } = report
    const there = alreadyThere > 0 ? `; ${alreadyThere} there already` : ''
    return desk.print(`${counted(added.length, 'message')} appended to ${workstreamId}${there}`)
  })
}

async function printReport(desk: Desk, report: VerifyReport): Promise<void> {
  const { print, colours } = desk
  const { ok, workstreams, messages, anomalies, problems, quarantine, leftovers } = report
  await print(`${counted(workstreams, 'workstream')}, ${counted(messages, 'message')}`)
  for (const { problem } of problems) await print(`${colours.red('problem')}  ${printableLine(problem)}`)
  const kinds = new Map<string, number>()
  for (const { workstream_id, log, kind } of anomalies) {
    const what = `${kind} in ${log}.jsonl of ${workstream_id}`
    kinds.set(what, (kinds.get(what) ?? 0) + 1)
  }
  for (const [what, count] of kinds)
    await print(`${colours.dim('anomaly')}  ${printableLine(`${count} x ${what}`)}; counted, harmless`)
  for (const tail of quarantine) await printTail(desk, tail)
  for (const path of leftovers)
    await print(`${colours.dim('left')}     ${printableLine(path)}; of no use, --fix removes it`)
  await print(ok ? 'All is well.' : `${counted(problems.length, 'problem')} found.`)
}

/** Where it is, how old, and what it says, as far as it can be said in a line. */
async function printTail({ print, colours, world }: Desk, tail: KeptTail): Promise<void> {
  const { name, workstreamId, log, bytes, keptAtMs, location, text, messages } = tail
  const age = relativeTime(new Date(keptAtMs).toISOString(), world.now())
  const what = `${counted(bytes, 'byte')} of an unfinished line of ${log}.jsonl of ${workstreamId}, ${age}: ${location}`
  await print(`${colours.dim('kept')}     ${printableLine(what)}`)
  await print(`         ${fit(printableLine(text), (world.stdout.columns ?? 100) - 9)}`)
  if (messages > 0) await print(`         to append what is complete in it: arawn doctor --restore-torn ${name}`)
}
