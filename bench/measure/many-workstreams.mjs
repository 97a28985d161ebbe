// Lists of 10,000 workstreams: in an open handle, in a new process, on the command line.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { median } from '../support/statistics.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'
import { inTurns, ratioOf } from '../support/turns.mjs'

const WORKSTREAMS = 10_000
const CALLS = 50
const ROUNDS = 11

export async function measureManyWorkstreams({ scale = 1 } = {}) {
  const { dir: parent, remove } = makeDataDir()
  try {
    const count = Math.ceil(WORKSTREAMS * scale)
    const many = join(parent, 'many')
    const none = join(parent, 'none')
    for (let n = 0; n < count; n++) writeWorkstream(many, `ws-${n}`, 2)
    mkdirSync(none)
    for (const dir of [many, none]) await listOnce(dir)
    return [...(await measureOpen(many, count)), await measureFirst(many), await measureCommand(many, none)]
  } finally {
    remove()
  }
}

/** Builds the index. */
async function listOnce(dir) {
  const manager = await openManager(dir)
  await manager.listWorkstreams()
  await manager.close()
}

async function measureOpen(dir, count) {
  const manager = await openManager(dir)
  const times = []
  try {
    await manager.listWorkstreams({ limit: 50 })
    for (let n = 0; n < CALLS; n++) {
      const started = performance.now()
      await manager.listWorkstreams({ limit: 50 })
      times.push(performance.now() - started)
    }
  } finally {
    await manager.close()
  }
  return [
    {
      name: `${count.toLocaleString('en')} workstreams: first page of 50`,
      value: `${median(times).toFixed(2)} ms`,
      goal: '< 10 ms',
      how: `on an open handle, median of ${CALLS} calls`,
    },
  ]
}

async function measureFirst(dir) {
  const script = fileURLToPath(new URL('../support/many-logs-process.mjs', import.meta.url))
  const run = (task) => JSON.parse(execFileSync(process.execPath, [script, dir, task], { encoding: 'utf8' }))
  const { look, list } = await inTurns(ROUNDS, { look: () => run('look').lookMs, list: () => run('list') })
  const total = list.map(({ openMs, listMs }) => openMs + listMs)
  const middle = (key) => median(list.map((each) => each[key])).toFixed(0)
  return {
    name: 'the same as the first call of a process',
    value: `${middle('openMs')} + ${middle('listMs')} ms`,
    limit: `${median(look).toFixed(0)} ms`,
    ratio: ratioOf(look, total),
    goal: '< 150 ms',
    how: `opening + first call in a process that does only this, Node and modules loaded; every log is compared with the index; limit: readdir and lstat of every log in such a process; ${ROUNDS} processes of each, in turns`,
  }
}

async function measureCommand(many, none) {
  const arawn = fileURLToPath(new URL('../../apps/cli/bin/arawn.mjs', import.meta.url))
  const run = (dir) => {
    const started = performance.now()
    execFileSync(process.execPath, [arawn, '--data-dir', dir, 'workstream', 'list'], { stdio: 'pipe' })
    return performance.now() - started
  }
  const seen = await inTurns(ROUNDS, { none: () => run(none), many: () => run(many) })
  return {
    name: '`arawn workstream list`',
    value: `${median(seen.many).toFixed(0)} ms`,
    limit: `${median(seen.none).toFixed(0)} ms`,
    ratio: ratioOf(seen.none, seen.many),
    how: `the command as a process, from its start to its end; limit: the same command where there are no workstreams; ${ROUNDS} of each, in turns`,
  }
}
