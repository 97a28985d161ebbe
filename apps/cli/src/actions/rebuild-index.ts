import { type Desk, withManager } from '../command.js'
import { counted } from '../terminal/counted.js'
import { createProgress } from '../terminal/progress.js'

const PHASES = { rows: 'rebuilding', search: 'preparing search' } as const

export async function rebuildIndex(desk: Desk): Promise<void> {
  await withManager(desk, async (manager) => {
    const progress = createProgress(desk.world.stderr, desk.world.now)
    const report = await manager
      .rebuildIndex({
        onProgress: ({ phase, bytesDone, bytesTotal }) =>
          progress.show(`${PHASES[phase]}: ${Math.floor((100 * bytesDone) / Math.max(1, bytesTotal))} %`),
      })
      .finally(progress.end)
    if (desk.json) return desk.printJson(report)
    const { workstreams, messages, anomalies, durationMs } = report
    const counts = [counted(workstreams, 'workstream'), counted(messages, 'message')]
    if (anomalies > 0)
      counts.push(`${anomalies === 1 ? '1 anomaly' : `${anomalies} anomalies`} (arawn doctor tells more)`)
    return desk.print(`rebuilt in ${durationMs} ms: ${counts.join(', ')}`)
  })
}
