// Contexts of a short and of a long history: assembled from what is summarized and what is not.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { plausibleText } from '../support/plausible-text.mjs'
import { silentModels } from '../support/silent-models.mjs'
import { median, quantile } from '../support/statistics.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'

const LONG = 100_000
const SHORT = 1_000
const SESSION = 500
const CALLS = 60
const child = fileURLToPath(new URL('../support/context-process.mjs', import.meta.url))

export async function measureContext({ scale = 1 } = {}) {
  const { dir, remove } = makeDataDir()
  try {
    const counts = { short: Math.ceil(SHORT * scale), long: Math.ceil(LONG * scale) }
    for (const [id, count] of Object.entries(counts)) {
      writeWorkstream(dir, id, count, () => plausibleText(700), SESSION)
    }
    const manager = await openManager(dir, { turns: silentModels() })
    const started = performance.now()
    await manager.compress('long')
    const seconds = (performance.now() - started) / 1_000
    await manager.compress('short')
    await manager.levelSearch({ withinMs: 600_000 })
    await manager.close()
    const short = measure(dir, 'short')
    const long = measure(dir, 'long')
    const many = counts.long.toLocaleString('en')
    const how = `a process of its own, ${CALLS} contexts of ${long.tokens.toLocaleString('en')} tokens by explainContext`
    return [
      {
        name: `${many} messages: context, warm`,
        value: `${median(long.took).toFixed(1)} ms p50, ${quantile(long.took, 0.95).toFixed(1)} ms p95`,
        limit: `${median(short.took).toFixed(1)} ms p50`,
        goal: '< 20 ms',
        how: `${how}; limit: the same with ${counts.short.toLocaleString('en')} messages`,
      },
      {
        name: `${many} messages: first context of a process`,
        value: `${long.firstMs.toFixed(0)} ms`,
        limit: `${short.firstMs.toFixed(0)} ms`,
        goal: '',
        how: 'opening is not counted',
      },
      {
        name: `${many} messages: memory of that process`,
        value: `${long.rssMb.toFixed(0)} MB`,
        limit: `${short.rssMb.toFixed(0)} MB`,
        goal: '< 150 MB',
        how: 'greatest resident set',
      },
      {
        name: `${many} messages: all summaries, without a model`,
        value: `${seconds.toFixed(1)} s`,
        goal: '',
        how: `sessions of ${SESSION} messages, one after the other, each synced`,
      },
    ]
  } finally {
    remove()
  }
}

function measure(dir, workstream) {
  return JSON.parse(execFileSync(process.execPath, [child, dir, workstream, String(CALLS)], { encoding: 'utf8' }))
}
