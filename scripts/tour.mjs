// `npm run tour`: the main job on a sample conversation, in a data dir of its own that is gone afterwards.
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const arawn = fileURLToPath(new URL('../apps/cli/bin/arawn.mjs', import.meta.url))
const sample = fileURLToPath(new URL('tour/sample-conversation.jsonl', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'arawn-tour-'))
const colours = process.stdout.isTTY === true && process.env.NO_COLOR === undefined
const style = (code, text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)

/** Says what is shown next, and why it matters. */
function say(...sentences) {
  console.log(`\n${style(1, '●')} ${sentences.join('\n  ')}\n`)
}

/** Runs one command as a user would, shows it, and returns what it printed. */
function run(...args) {
  const shown = args.map((arg) =>
    arg === sample ? 'sample-conversation.jsonl' : /[\s"]/.test(arg) ? JSON.stringify(arg) : arg,
  )
  console.log(style(36, `  $ arawn ${shown.join(' ')}`))
  const { status, stdout, stderr } = spawnSync(process.execPath, [arawn, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ARAWN_DATA_DIR: dataDir, ...(colours ? { FORCE_COLOR: '1' } : {}) },
  })
  const output = `${stdout}${stderr}`.trimEnd()
  if (output !== '') console.log(output.replace(/^/gm, '  '))
  if (status !== 0) throw new Error(`arawn ${args.join(' ')} ended with ${status}`)
  return stdout
}

function tour() {
  console.log(style(1, '\nArawn workstreams: conversations that outlive the process, the day and the model.'))
  console.log(`Everything below happens in ${dataDir}, which is removed at the end.`)

  say('Take a conversation in. Eight messages on two days: the night between them is the border of two sessions.')
  run('import', sample, '--title', 'Slack Tide')
  run('workstream', 'list')
  run('session', 'list', 'slack tide')

  say('Read the end of it. A workstream is named by its id or by its title.')
  run('history', 'Slack Tide', '--limit', '3')

  say('The index is a cache. Delete it, and the next call builds it anew from the log.')
  for (const name of readdirSync(dataDir)) if (name.startsWith('index.db')) rmSync(join(dataDir, name))
  console.log(style(2, '  (index.db removed)'))
  run('history', 'Slack Tide', '--limit', '2')

  say(
    'Pull the plug in the middle of a write: half a line is left at the end of the log.',
    'The next write moves it to quarantine/, where nothing is ever thrown away, and goes on.',
  )
  const [workstream] = JSON.parse(`[${run('workstream', 'list', '--json').trim().split('\n').join(',')}]`)
  appendFileSync(join(dataDir, 'workstreams', workstream.id, 'messages.jsonl'), '{"v":1,"stamp":17952191221')
  console.log(style(2, '  (half a line written)'))
  run('send', '--workstream', 'Slack Tide', 'B7, C2 and C3: I measured them this morning, see docs/berths.geojson')
  run('history', 'Slack Tide', '--limit', '2')

  say('Look at every byte: logs, index, and one against the other.')
  run('doctor')

  say('Where to go from here:')
  console.log('    npx arawn --help             every command')
  console.log('    npx arawn send "a thought"   goes to scratch, in ~/.arawn/data')
  console.log('    npx arawn import <folder>    your own Claude Code transcripts, for example ~/.claude/projects/…')
  console.log('    README.md                    the first five minutes, and how to use a package from code\n')
}

try {
  tour()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
