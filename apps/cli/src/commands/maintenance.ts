import type { VerifyReport } from '@arawn/manager/workstream-manager'
import type { Command } from 'commander'
import { type Desk, withManager } from '../command.js'
import { EXIT } from '../exit-code.js'
import type { Register } from '../program.js'
import { createProgress } from '../terminal/progress.js'
import { renderTable } from '../terminal/table.js'

export function registerMaintenance(program: Command, { run }: Register): void {
  program
    .command('index')
    .description('the index, which can be deleted at any time')
    .command('rebuild')
    .description('build it anew from the logs')
    .action(
      run(async (desk) =>
        withManager(desk, async (manager) => {
          const progress = createProgress(desk.world.stderr, desk.world.now)
          const report = await manager.rebuildIndex({
            onProgress: ({ bytesDone, bytesTotal }) =>
              progress.show(`rebuilding: ${Math.floor((100 * bytesDone) / Math.max(1, bytesTotal))} %`),
          })
          progress.end()
          if (desk.json) return desk.printJson(report)
          const { workstreams, messages, anomalies, durationMs } = report
          return desk.print(
            `rebuilt in ${durationMs} ms: ${workstreams} workstreams, ${messages} messages, ${anomalies} anomalies`,
          )
        }),
      ),
    )

  program
    .command('doctor')
    .description('look at every byte of logs and index; changes nothing')
    .action(
      run(async (desk) =>
        withManager(desk, async (manager) => {
          const report = await manager.verify()
          if (!report.ok) desk.exitWith(EXIT.problemsFound)
          if (desk.json) return desk.printJson(report)
          return printReport(desk, report)
        }),
      ),
    )

  program
    .command('config')
    .description('the settings')
    .command('show')
    .description('every setting, and where its value comes from')
    .action(
      run(async (desk) => {
        const { sources } = desk.settings
        if (desk.json) return desk.printJson(...sources)
        const rows = sources.map(({ key, value, source, origin }) => [key, String(value), origin ?? source])
        return desk.print(renderTable(['SETTING', 'VALUE', 'FROM'], rows, { width: undefined, shrink: 1 }))
      }),
    )
}

async function printReport(desk: Desk, report: VerifyReport): Promise<void> {
  const { ok, workstreams, messages, anomalies, problems, quarantine } = report
  await desk.print(`${workstreams} workstreams, ${messages} messages`)
  for (const { problem } of problems) await desk.print(`${desk.colours.red('problem')}  ${problem}`)
  const kinds = new Map<string, number>()
  for (const { workstream_id, log, kind } of anomalies) {
    const key = `${kind} in ${log}.jsonl of ${workstream_id}`
    kinds.set(key, (kinds.get(key) ?? 0) + 1)
  }
  for (const [what, count] of kinds)
    await desk.print(`${desk.colours.dim('anomaly')}  ${count} x ${what}; counted, harmless`)
  for (const { workstreamId, log, bytes, location } of quarantine)
    await desk.print(
      `${desk.colours.dim('kept')}     ${bytes} bytes of an unfinished line of ${log}.jsonl of ${workstreamId}: ${location}`,
    )
  await desk.print(ok ? 'All is well.' : `${problems.length} problems found.`)
}
