// Run as a process of its own: opens a data dir, does one thing with one workstream, prints what it took.
import { readFileSync } from 'node:fs'
import { openManager } from './data-dir.mjs'
import { content } from './synthetic-log.mjs'

const [dir, workstream, task, middle] = process.argv.slice(2)
const tasks = {
  resume: (manager) => manager.sendMessage({ workstream, content }),
  lastPage: (manager) => manager.listMessages(workstream, { limit: 50 }),
  middlePage: (manager) => manager.listMessages(workstream, { limit: 50, after: Number(middle) }),
}

const started = performance.now()
const manager = await openManager(dir)
const opened = performance.now()
await tasks[task](manager)
const first = performance.now()
await tasks[task](manager)
const again = performance.now()
const peakMb = peakMemory() / 1e6
await manager.close()
console.log(JSON.stringify({ openMs: opened - started, firstMs: first - opened, againMs: again - first, peakMb }))

/** Bytes. Of the process since it began its program; `maxRSS` of Node would count the parent's, which it grew from. */
function peakMemory() {
  if (process.platform !== 'linux') return process.memoryUsage.rss()
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}
