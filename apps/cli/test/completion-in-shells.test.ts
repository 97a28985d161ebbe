import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { completionScripts, type Shell } from '../src/completion/scripts.js'
import { withWorkstreams } from './completion-workstreams.js'
import type { Cli } from './run-cli.js'

const built = existsSync(new URL('../dist/main.js', import.meta.url))

const TIMEOUT_MS = 60_000
// Each press of Tab starts a process. On a busy machine one takes longer than somebody who waits is left waiting, and gives up.
const inShell = { timeout: 3 * TIMEOUT_MS, retry: 2 }

function has(command: string, ...args: string[]): boolean {
  const { error, status } = spawnSync(command, args)
  return error === undefined && status === 0
}

/** A home in which `arawn` is the program that was built, and each shell's script is a file. */
async function withScripts(): Promise<Cli> {
  const cli = await withWorkstreams()
  await cli('workstream', 'create', 'It costs $5 `now`', '--id', 'cost')
  const bin = fileURLToPath(new URL('../bin/arawn.mjs', import.meta.url))
  mkdirSync(join(cli.dir, 'bin'))
  writeFileSync(join(cli.dir, 'bin', 'arawn'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, { mode: 0o755 })
  for (const [shell, script] of Object.entries(completionScripts))
    writeFileSync(join(cli.dir, `arawn.${shell}`), script)
  mkdirSync(join(cli.dir, 'talks'))
  for (const file of ['talks.jsonl', 'talks/one two.jsonl']) writeFileSync(join(cli.dir, file), '')
  return cli
}

function run(cli: Cli, shell: Shell, ...args: string[]): string {
  const env = { HOME: cli.dir, PATH: `${join(cli.dir, 'bin')}:${process.env.PATH}`, TERM: 'xterm', LC_ALL: 'C.UTF-8' }
  return execFileSync(shell, args, { cwd: cli.dir, env, encoding: 'utf8', timeout: TIMEOUT_MS })
}

describe.skipIf(!built)('completion, as it is installed (skipped without a build)', () => {
  it.skipIf(!has('bash', '--version'))('gives bash words that it can run (skipped without bash)', inShell, async () => {
    const cli = await withScripts()
    const lines = [
      ['arawn', 'history', 'rel'],
      ['arawn', 'history', '"rust'],
      ['arawn', 'history', 'rust'],
      ['arawn', 'import', 'ta'],
      ['arawn', '--data-dir', 'ta'],
      ['arawn', '--data-dir', '=', 'ta'],
      ['~/bin/arawn', 'hist'],
      ['arawn', 'history', '$(touch hacked)'],
    ]
    const asks = lines.map((words) => {
      const typed = words.map((word) => `'${word}'`).join(' ')
      return `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _arawn '${words[0]}'; printf '%s\\n' "\${COMPREPLY[@]}" --`
    })
    const answers = run(cli, 'bash', '--norc', '-uc', ['source ./arawn.bash', ...asks].join('\n')).split('--\n')
    expect(answers).toEqual([
      'release\\ notes\n',
      'rust & C: \\"why\\"\n',
      'rust\\ \\&\\ C\\:\\ \\"why\\"\n',
      'talks\ntalks.jsonl\n',
      'talks\n',
      'talks\n',
      'history\n',
      '',
      '',
    ])
    expect(existsSync(join(cli.dir, 'hacked'))).toBe(false)
  })

  const canType = has('zsh', '-fc', 'zmodload zsh/zpty')
  it.skipIf(!canType)(
    'completes what is typed into zsh (skipped without zsh and its module zpty)',
    inShell,
    async () => {
      const cli = await withScripts()
      const typed = new Map([
        ['arawn history rel', 'arawn history release\\ notes '],
        ['arawn history "rust', 'arawn history "rust & C: \\"why\\"" '],
        ['arawn history rust', 'arawn history rust\\ \\&\\ C:\\ \\"why\\" '],
        ['arawn history It', 'arawn history It\\ costs\\ \\$5\\ \\`now\\` '],
        ["arawn history 'it", "arawn history 'it costs $5 `now`' "],
        ['arawn promote --into=rel', 'arawn promote --into=release\\ notes '],
        ['arawn import talks/', 'arawn import talks/one\\ two.jsonl '],
        ['arawn --data-dir=~/ta', 'arawn --data-dir=~/talks/'],
        ['~/bin/arawn hist', '~/bin/arawn history '],
        ['arawn history $(touch hacked) x', 'arawn history $(touch hacked) x'],
      ])
      const driver = fileURLToPath(new URL('type-into-zsh.zsh', import.meta.url))
      const completed = run(cli, 'zsh', '-f', driver, ...typed.keys())
        .split('\n')
        .slice(0, -1)
      expect(completed).toEqual([...typed.values()])
      expect(existsSync(join(cli.dir, 'hacked'))).toBe(false)
    },
  )

  it.skipIf(!has('fish', '--version'))(
    'gives fish candidates that it can use (skipped without fish)',
    inShell,
    async () => {
      const cli = await withScripts()
      const candidates = new Map([
        ['arawn history rel', ['release notes\trel, 0 messages']],
        ['arawn history "rust', ['rust & C: "why"\tlangs, 0 messages']],
        ["arawn history 'it", ['it costs $5 `now`\tcost, 0 messages']],
        ['arawn promote --into=rel', ['--into=release notes\trel, 0 messages']],
        ['arawn import ta', ['talks.jsonl', 'talks/']],
        ['arawn import ~/talks/', ['~/talks/one two.jsonl']],
        ['arawn --data-dir=~/ta', ['--data-dir=~/talks/']],
        ['~/bin/arawn wor', ['workstream\tcreate, list and change workstreams: conversations with a name']],
        ['arawn history (touch hacked) x', []],
      ])
      const asks = [...candidates.keys()].map((line) => `complete -C ${quoted(line)}; printf '%s\\n' --`)
      const answers = run(cli, 'fish', '--no-config', '-c', ['source arawn.fish', ...asks].join('\n')).split('--\n')
      expect(answers.slice(0, -1).map((lines) => lines.split('\n').slice(0, -1))).toEqual([...candidates.values()])
      expect(existsSync(join(cli.dir, 'hacked'))).toBe(false)
    },
  )
})

function quoted(line: string): string {
  return `'${line.replace(/[\\']/g, '\\$&')}'`
}
