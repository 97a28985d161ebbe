// Whether an append costs the same after any history.
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { median, quantile } from '../support/statistics.mjs'
import { content, writeWorkstream } from '../support/synthetic-log.mjs'

const HISTORIES = { none: 0, '10k': 10_000, '100k': 100_000, '1M': 1_000_000 }
const APPENDS = 2_000
const TURN = 100

export async function measureFlat({ scale = 1 } = {}) {
  const { dir, remove } = makeDataDir()
  for (const [name, messages] of Object.entries(HISTORIES))
    writeWorkstream(dir, `h-${name.toLowerCase()}`, Math.ceil(messages * scale))
  const manager = await openManager(dir)
  const times = Object.fromEntries(Object.keys(HISTORIES).map((name) => [name, []]))
  try {
    // In turns, so that a slow moment of the machine meets all of them.
    for (let done = -TURN; done < APPENDS * scale; done += TURN)
      for (const name of Object.keys(HISTORIES))
        for (let n = 0; n < TURN; n++) {
          const started = performance.now()
          await manager.sendMessage({ workstream: `h-${name.toLowerCase()}`, content })
          if (done >= 0) times[name].push(performance.now() - started)
        }
  } finally {
    await manager.close()
    remove()
  }
  const p50 = Object.values(times).map(median)
  return [
    ...Object.entries(times).map(([name, all]) => ({
      name: `append p50 / p99 after a history of ${name}`,
      value: `${median(all).toFixed(2)} / ${quantile(all, 0.99).toFixed(2)} ms`,
      how: `one after the other, ${all.length.toLocaleString('en')} appends in turns of ${TURN} with the other histories, after a turn that does not count`,
    })),
    {
      name: 'fastest p50 / slowest p50',
      ratio: (Math.min(...p50) / Math.max(...p50)).toFixed(2),
      goal: '>= 0.85',
      how: 'of the four above',
    },
  ]
}
