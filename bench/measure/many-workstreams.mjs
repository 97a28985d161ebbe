// The first page of a list of 10,000 workstreams.
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { median } from '../support/statistics.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'

const WORKSTREAMS = 10_000

export async function measureManyWorkstreams() {
  const { dir, remove } = makeDataDir()
  try {
    for (let n = 0; n < WORKSTREAMS; n++) writeWorkstream(dir, `ws-${n}`, 2)
    const builder = await openManager(dir)
    await builder.listWorkstreams()
    await builder.close()
    const opened = performance.now()
    const manager = await openManager(dir)
    await manager.listWorkstreams({ limit: 50 })
    const firstMs = performance.now() - opened
    const again = []
    for (let n = 0; n < 50; n++) {
      const started = performance.now()
      await manager.listWorkstreams({ limit: 50 })
      again.push(performance.now() - started)
    }
    await manager.close()
    return [
      { name: '10,000 workstreams: first page of 50', value: `${median(again).toFixed(2)} ms`, goal: '< 10 ms' },
      {
        name: '10,000 workstreams: open, compare every log with the index, first page',
        value: `${firstMs.toFixed(0)} ms`,
      },
    ]
  } finally {
    remove()
  }
}
