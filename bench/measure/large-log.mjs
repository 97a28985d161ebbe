// A log of 1 GB: building its index, and using it in a process that begins with nothing in memory.
import { execFileSync } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { insertPlainly } from '../support/plain-rows.mjs'
import { readLines } from '../support/read-lines.mjs'
import { median } from '../support/statistics.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'
import { inTurns, ratioOf } from '../support/turns.mjs'

const MESSAGES = 1_150_000
const ROUNDS = 3
const PROCESSES = 5

export async function measureLargeLog({ scale = 1 } = {}) {
  const { dir, remove } = makeDataDir()
  try {
    const messages = Math.ceil(MESSAGES * scale)
    const log = { workstream: 'large', messages, bytes: writeWorkstream(dir, 'large', messages) }
    const rebuilds = await measureRebuild(dir, log)
    const indexBytes = statSync(join(dir, 'index.db')).size
    return [
      ...rebuilds,
      {
        name: 'index.db / log',
        value: `${Math.round(indexBytes / 1e6)} MB`,
        ratio: (indexBytes / log.bytes).toFixed(2),
        how: 'sizes of the two files after the rebuild',
      },
      ...measureProcesses(dir, log),
    ]
  } finally {
    remove()
  }
}

async function measureRebuild(dir, { workstream, messages, bytes }) {
  const log = join(dir, 'workstreams', workstream, 'messages.jsonl')
  const speed = async (work) => {
    const started = performance.now()
    await work()
    return bytes / 1e6 / ((performance.now() - started) / 1000)
  }
  // As after a loss of the index: whoever asks first waits for the rows. Search follows behind them.
  const rebuild = async () => {
    rmSync(join(dir, 'index.db'), { force: true })
    const manager = await openManager(dir)
    const seen = await speed(() => manager.listWorkstreams())
    await manager.close()
    return seen
  }
  const parse = () => speed(() => readLines(log, () => {}))
  const insert = () =>
    speed(() => insertPlainly({ log, workstream, index: join(dir, 'index.db'), into: join(dir, 'plain.db') }))
  const row = (name, product, limit, how) => ({
    name,
    value: `${median(product).toFixed(0)} MB/s`,
    limit: `${median(limit).toFixed(0)} MB/s`,
    ratio: ratioOf(product, limit),
    goal: '>= 80 MB/s',
    how: `${how}; ${ROUNDS} rounds in turns; the file is in the page cache`,
  })
  const size = `${Math.round(bytes / 1e6).toLocaleString('en')} MB, ${messages.toLocaleString('en')} messages`
  await rebuild()
  const seen = await inTurns(ROUNDS, { rebuild, parse, insert })
  return [
    row(
      `rebuild of the rows of ${size}, next to reading it`,
      seen.rebuild,
      seen.parse,
      'limit: reading in chunks of 1 MiB, and JSON.parse of each line',
    ),
    row(
      'the same rebuild, next to plain inserts',
      seen.rebuild,
      seen.insert,
      'limit: the same reading, and inserting the same rows of messages with one prepared statement of better-sqlite3 in one transaction, into a table with the same keys',
    ),
  ]
}

function measureProcesses(dir, { workstream, messages }) {
  const script = fileURLToPath(new URL('../support/large-log-process.mjs', import.meta.url))
  const run = (task) => {
    const args = [script, dir, workstream, task, String(Math.floor(messages / 2))]
    const runs = Array.from({ length: PROCESSES }, () =>
      JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })),
    )
    const middle = (key) => median(runs.map((each) => each[key]))
    return {
      value: `${middle('openMs').toFixed(1)} + ${middle('firstMs').toFixed(1)} ms; again ${middle('againMs').toFixed(2)} ms`,
      goal: 'milliseconds',
      how: `opening + first call in a process that does only this, Node and modules loaded, median of ${PROCESSES} processes; then the same call again`,
      peakMb: Math.max(...runs.map((each) => each.peakMb)),
    }
  }
  const rows = [
    { name: 'resume: open and append one message', ...run('resume') },
    { name: 'open and last page of 50', ...run('lastPage') },
    { name: 'open and a page in the middle', ...run('middlePage') },
  ]
  return [
    ...rows.map(({ peakMb, ...row }) => row),
    {
      name: 'memory of these processes',
      value: `${Math.max(...rows.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      goal: '< 150 MB',
      how: 'the greatest peak of resident memory (VmHWM in /proc/self/status at the end; elsewhere the RSS then), Node included',
    },
  ]
}
