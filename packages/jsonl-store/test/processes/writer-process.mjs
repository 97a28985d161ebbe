/**
 * A process of its own that uses a data dir as any program would: from the built package.
 *
 * argv: what to do (`hold` | `count` | `busy` | `restore`), workstreams dir, how often. It answers by messages to its parent.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'

const [, , task, workstreamsDir = '', times = '0'] = process.argv
const quarantineDir = path.join(workstreamsDir, '..', 'quarantine')
const trashDir = path.join(workstreamsDir, '..', 'trash')
const store = await openJsonlLogStore({ workstreamsDir, quarantineDir, trashDir }, { durability: 'strict' })

const tasks = {
  /** Takes the lock and keeps it. */
  async hold() {
    await store.lock(10_000)
    process.send('held')
    await new Promise((resolve) => process.once('message', resolve))
  },
  /** Adds to a number in a file, in a way that only the lock makes safe, and appends a line each time. */
  async count() {
    const counter = path.join(workstreamsDir, '..', 'counter')
    for (let n = 0; n < Number(times); n += 1) {
      const writer = await store.lock(20_000)
      const value = Number(readFileSync(counter, 'utf8'))
      await writer.prepare('a')
      await writer.append([{ workstreamId: 'a', log: 'messages', lines: [`${process.pid} ${n}`] }])
      writeFileSync(counter, String(value + 1))
      writer.release()
    }
    process.send('done')
  },
  /** Restores lines of which the last one never comes. */
  async restore() {
    const writer = await store.lock(20_000)
    await writer.restore('a', endless())
  },
  /** Keeps the lock as long as it may, and asks for it again at once. */
  async busy() {
    let stopped = false
    process.once('message', () => {
      stopped = true
    })
    process.send('busy')
    while (!stopped) {
      const writer = await store.lock(20_000)
      await writer.prepare('a')
      while (!stopped && !writer.shouldYield()) {
        await writer.append([{ workstreamId: 'a', log: 'messages', lines: ['busy'] }])
        if (times === 'slow') await pause(1)
      }
      writer.release()
    }
  },
}

async function* endless() {
  for (let n = 0; n < Number(times); n += 1) yield { log: 'messages', bytes: Buffer.alloc(700_000, 'x') }
  process.send('restoring')
  await new Promise(() => {})
}

await tasks[task]()
await store.close()
process.disconnect()
