// What recall adds to the assembly of a context: time and memory, by the length of the history.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { plausibleText } from '../support/plausible-text.mjs'
import { median, quantile } from '../support/statistics.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'

const HISTORIES = [
  { messages: 6_000, characters: 150, goal: '< 10 ms' },
  { messages: 100_000, characters: 300, goal: '< 50 ms' },
  { messages: 1_000_000, characters: 200, goal: '< 300 ms' },
]
const SESSION = 300
const RAW = 50
const QUESTIONS = 200
const child = fileURLToPath(new URL('../support/recall-process.mjs', import.meta.url))

export async function measureRecallSpeed({ scale = 1 } = {}) {
  const rows = []
  for (const { messages, characters, goal } of HISTORIES)
    rows.push(...(await measureHistory(Math.ceil(messages * scale), characters, goal)))
  return rows
}

async function measureHistory(messages, characters, goal) {
  const { dir, remove } = makeDataDir()
  try {
    writeWorkstream(dir, 'long', messages, () => plausibleText(characters), SESSION, messages - RAW)
    const manager = await openManager(dir)
    await manager.rebuildIndex()
    await manager.close()
    const { took } = ask(dir, 'both')
    const rssMb = ask(dir, 'recalling').rssMb - ask(dir, 'without').rssMb
    const added = took.map(({ recalling, without }) => recalling - without)
    const plain = took.map(({ without }) => without)
    const echoed = median(took.map((one) => one.echoed))
    const count = messages.toLocaleString('en')
    const how = `${QUESTIONS} questions of 3 to 12 words, common and rare; ${echoed.toLocaleString('en')} tokens are recalled (median); in a process of its own, each question without recall and with it, the difference; limit: the whole context without recall`
    return [
      {
        name: `${count} messages: recall adds`,
        value: `${median(added).toFixed(1)} ms p50, ${quantile(added, 0.95).toFixed(1)} ms p95`,
        limit: `${median(plain).toFixed(1)} ms p50`,
        goal,
        how,
      },
      {
        name: `${count} messages: memory that recall adds`,
        value: `${rssMb.toFixed(0)} MB`,
        goal: '< 50 MB',
        how: 'the greatest resident set of a process that asks these questions with recall, less that of one without',
      },
    ]
  } finally {
    remove()
  }
}

function ask(dir, which) {
  const args = [child, dir, 'long', String(QUESTIONS), which]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}
