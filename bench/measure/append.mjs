// Durable appends next to what the disk allows the same process to do.
import { closeSync, fdatasync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { median } from '../support/statistics.mjs'
import { content } from '../support/synthetic-log.mjs'

const sync = promisify(fdatasync)
const ROUNDS = 7
const line = Buffer.from(`${'x'.repeat(900)}\n`)

async function perSecond(count, work) {
  const started = performance.now()
  await work()
  return (count / (performance.now() - started)) * 1000
}

/** One message, one write, one sync. */
function rawOne(fd, count) {
  return perSecond(count, async () => {
    for (let n = 0; n < count; n++) {
      writeSync(fd, line)
      await sync(fd)
    }
  })
}

/** As many waiting appenders; whatever waits goes out with one write and one sync. */
function rawGroup(fd, count, appenders) {
  let waiting = []
  let running = false
  async function run() {
    running = true
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      writeSync(fd, Buffer.concat(group.map(() => line)))
      await sync(fd)
      for (const resolve of group) resolve()
      await new Promise((resolve) => setImmediate(resolve))
    }
    running = false
  }
  const append = () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (!running) run()
    })
  return perSecond(count, async () => {
    let sent = 0
    await Promise.all(
      Array.from({ length: appenders }, async () => {
        while (sent < count) {
          sent++
          await append()
        }
      }),
    )
  })
}

function product(manager, workstream, count, appenders) {
  return perSecond(count, async () => {
    let sent = 0
    await Promise.all(
      Array.from({ length: appenders }, async () => {
        while (sent < count) {
          sent++
          await manager.sendMessage({ workstream, content })
        }
      }),
    )
  })
}

export async function measureAppend() {
  const { dir, remove } = makeDataDir()
  const manager = await openManager(dir)
  const { id } = await manager.createWorkstream({ title: 'Appends' })
  const fd = openSync(join(dir, 'raw.log'), 'a')
  const one = { raw: [], product: [], ratio: [] }
  const many = { raw: [], product: [], ratio: [] }
  try {
    await product(manager, id, 1_000, 1)
    await product(manager, id, 10_000, 64)
    for (let round = 0; round < ROUNDS; round++) {
      for (const [into, raw, ours] of [
        [one, await rawOne(fd, 1_500), await product(manager, id, 1_500, 1)],
        [many, await rawGroup(fd, 30_000, 64), await product(manager, id, 30_000, 64)],
      ]) {
        into.raw.push(raw)
        into.product.push(ours)
        into.ratio.push(ours / raw)
      }
    }
  } finally {
    await manager.close()
    closeSync(fd)
    remove()
  }
  const row = (name, { raw, product: ours, ratio }, goal) => ({
    name,
    value: `${Math.round(median(ours)).toLocaleString('en')}/s`,
    limit: `${Math.round(median(raw)).toLocaleString('en')}/s`,
    ratio: median(ratio).toFixed(2),
    goal,
  })
  return [
    row('durable appends, one at a time (limit: writeSync + async fdatasync)', one, '>= 0.6 x the limit'),
    row('durable appends, 64 waiting, one workstream (limit: raw group loop)', many, '>= 40,000/s or 0.3 x the limit'),
  ]
}
