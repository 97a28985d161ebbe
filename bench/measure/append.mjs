// Durable appends next to what the disk allows the same process to do.
import { closeSync, fdatasync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { closedLoop } from '../support/closed-loop.mjs'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { median } from '../support/statistics.mjs'
import { content } from '../support/synthetic-log.mjs'
import { inTurns, ratioOf } from '../support/turns.mjs'

const sync = promisify(fdatasync)
const ROUNDS = 31
// The compiler takes some seconds until the code of a sender that runs on is as quick as it gets.
const WARM_UP_ROUNDS = 10

export async function measureAppend({ scale = 1 } = {}) {
  const { dir, remove } = makeDataDir()
  const manager = await openManager(dir)
  const fd = openSync(join(dir, 'raw.log'), 'a')
  try {
    const product = await openProduct(manager, dir)
    const raw = { one: rawAppender(fd, product.line), many: rawGroupAppender(fd, product.line) }
    const one = { count: Math.ceil(500 * scale), appenders: 1 }
    const many = { count: Math.ceil(10_000 * scale), appenders: 64 }
    const turns = (load, append, rounds = ROUNDS) =>
      inTurns(rounds, { limit: () => closedLoop(load, append), product: () => product.round(load) })
    const first = await turns(one, raw.one, 1)
    await turns(one, raw.one, WARM_UP_ROUNDS - 1)
    const alone = await turns(one, raw.one)
    await turns(many, raw.many, 1)
    return [
      row('durable appends, one at a time', alone, {
        goal: '>= 0.6 x the limit',
        how: `limit: writeSync and async fdatasync of as many bytes; ${one.count} messages a round, ${ROUNDS} rounds in turns, after ${WARM_UP_ROUNDS} that do not count`,
      }),
      row(`the same, the first ${one.count} messages of a process`, first, {
        how: 'the first of those that do not count',
      }),
      row('durable appends, 64 waiting, one workstream', await turns(many, raw.many), {
        goal: '>= 40,000/s or 0.3 x the limit',
        how: `limit: 64 appenders, too; whatever waits goes out with one writeSync and one fdatasync; ${many.count.toLocaleString('en')} messages a round, ${ROUNDS} rounds in turns, after one that does not count`,
      }),
    ]
  } finally {
    await manager.close()
    closeSync(fd)
    remove()
  }
}

async function openProduct(manager, dir) {
  const { id: workstream } = await manager.createWorkstream({ title: 'Appends' })
  const append = () => manager.sendMessage({ workstream, content })
  const rowsAreThere = () => manager.getWorkstream(workstream)
  const logBytes = () => statSync(join(dir, 'workstreams', workstream, 'messages.jsonl')).size
  await append()
  const lineBytes = logBytes()
  return {
    line: Buffer.from(`${'x'.repeat(lineBytes - 1)}\n`),
    async round(load) {
      const before = logBytes()
      const speed = await closedLoop(load, append, rowsAreThere)
      if (logBytes() - before !== load.count * lineBytes) throw new Error('the lines are not all of one length')
      return speed
    },
  }
}

/** One message, one write, one sync. */
function rawAppender(fd, line) {
  return () => {
    writeSync(fd, line)
    return sync(fd)
  }
}

/** Whatever waits goes out with one write and one sync. */
function rawGroupAppender(fd, line) {
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
      // Those who were answered send again.
      await new Promise((resolve) => setImmediate(resolve))
    }
    running = false
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (!running) run()
    })
}

function row(name, { product, limit }, rest) {
  const perSecond = (rounds) => `${Math.round(median(rounds)).toLocaleString('en')}/s`
  return {
    name,
    value: perSecond(product),
    limit: perSecond(limit),
    ratio: ratioOf(product, limit),
    ...rest,
    how: `${rest.how}; a round of the product ends when its rows are in the index`,
  }
}
