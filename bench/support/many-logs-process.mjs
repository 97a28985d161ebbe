// Run as a process of its own: what a first list of workstreams takes, or only looking at every log.
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openManager } from './data-dir.mjs'

const [dir, task] = process.argv.slice(2)

const started = performance.now()
if (task === 'list') {
  const manager = await openManager(dir)
  const opened = performance.now()
  await manager.listWorkstreams({ limit: 50 })
  report({ openMs: opened - started, listMs: performance.now() - opened })
  await manager.close()
} else {
  lookAtAll(join(dir, 'workstreams'))
  report({ lookMs: performance.now() - started })
}

function lookAtAll(root) {
  for (const entry of readdirSync(root, { withFileTypes: true }))
    if (entry.isDirectory())
      for (const log of ['workstream', 'sessions', 'messages'])
        lstatSync(`${root}/${entry.name}/${log}.jsonl`, { bigint: true, throwIfNoEntry: false })
}

function report(times) {
  console.log(JSON.stringify(times))
}
