// A log of 1 GB: building its index, and reading from it in a process that begins with nothing in memory.
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'

const MESSAGES = 1_150_000

export async function measureLargeLog() {
  const { dir, remove } = makeDataDir()
  try {
    const bytes = writeWorkstream(dir, 'large', MESSAGES)
    const file = join(dir, 'workstreams/large/messages.jsonl')
    const readLimit = readThrough(file)
    const manager = await openManager(dir)
    const report = await manager.rebuildIndex()
    await manager.close()
    const indexBytes = statSync(join(dir, 'index.db')).size
    const resume = fileURLToPath(new URL('../support/resume.mjs', import.meta.url))
    const runs = Array.from({ length: 5 }, () =>
      JSON.parse(execFileSync(process.execPath, [resume, dir, 'large'], { encoding: 'utf8' })),
    )
    const middle = (key) => runs.map((run) => run[key]).sort((a, b) => a - b)[2]
    const mb = bytes / 1e6
    const speed = report.bytes / 1e6 / (report.durationMs / 1000)
    return [
      {
        name: `rebuild of rows, ${Math.round(mb)} MB, ${MESSAGES.toLocaleString('en')} messages (limit: reading and splitting lines)`,
        value: `${speed.toFixed(0)} MB/s`,
        limit: `${readLimit.toFixed(0)} MB/s`,
        ratio: (speed / readLimit).toFixed(2),
        goal: '>= 80 MB/s',
      },
      { name: 'index.db / log', ratio: (indexBytes / bytes).toFixed(2), value: `${Math.round(indexBytes / 1e6)} MB` },
      {
        name: 'a new process: open and last page of 50',
        value: `${middle('resumeMs').toFixed(1)} ms`,
        goal: 'milliseconds',
      },
      { name: 'last page again', value: `${middle('lastMs').toFixed(2)} ms`, goal: 'milliseconds' },
      { name: 'a page in the middle', value: `${middle('middleMs').toFixed(2)} ms`, goal: 'milliseconds' },
      { name: 'memory of that process (RSS)', value: `${middle('rssMb').toFixed(0)} MB`, goal: '< 150 MB' },
    ]
  } finally {
    remove()
  }
}

/** MB/s of a loop that only reads the file and finds its line ends. */
function readThrough(file) {
  const buffer = Buffer.alloc(1 << 20)
  const fd = openSync(file, 'r')
  const started = performance.now()
  let total = 0
  for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) {
    total += got
    for (let at = buffer.indexOf(10); at >= 0 && at < got; at = buffer.indexOf(10, at + 1));
  }
  closeSync(fd)
  return total / 1e6 / ((performance.now() - started) / 1000)
}
