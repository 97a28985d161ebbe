import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completionScripts } from '../src/completion/scripts.js'
import { readShellWord, writeBashWord } from '../src/completion/shell-word.js'
import { type Cli, makeCli } from './run-cli.js'

const COMMANDS =
  'workstream chat send push history context compress summary facts models search events session promote import export trash stats index doctor config serve completion help'

/** The candidates without their descriptions. */
async function complete(cli: Cli, ...words: string[]): Promise<string[]> {
  const { code, out, err } = await cli('__complete', 'zsh', '--', ...words)
  expect([code, err]).toEqual([0, ''])
  const [kind = '', ...lines] = out.trimEnd().split('\n')
  return kind === 'words' ? lines.map((line) => line.split('\t')[0] ?? '') : [kind]
}

async function withWorkstreams(): Promise<Cli> {
  const cli = makeCli()
  await cli('workstream', 'create', 'Release notes', '--id', 'rel')
  await cli('workstream', 'create', 'Rust & C: "why"', '--id', 'langs')
  for (const id of ['twin-a', 'twin-b']) await cli('workstream', 'create', 'Twin', '--id', id)
  await cli('workstream', 'create', '\u001b[2Jevil', '--id', 'evil')
  await cli('workstream', 'archive', 'rel')
  return cli
}

describe('completion', () => {
  it('knows commands, their sub-commands, options and values', async () => {
    const cli = makeCli()
    expect((await complete(cli, '')).sort()).toEqual(COMMANDS.split(' ').sort())
    expect(await complete(cli, 'hi')).toEqual(['history'])
    expect(await complete(cli, 'ws', 'un')).toEqual(['unarchive'])
    expect(await complete(cli, 'export', 'x', '--fo')).toEqual(['--format', '--force'])
    expect(await complete(cli, 'export', '--format', '')).toEqual(['native', 'openai', 'markdown'])
    expect(await complete(cli, 'export', '--format=mark')).toEqual(['--format=markdown'])
    expect(await complete(cli, 'export', '--format', '=', 'mark')).toEqual(['markdown'])
    expect(await complete(cli, 'history', 'x', '--j')).toEqual(['--json'])
    expect(await complete(cli, 'completion', 'f')).toEqual(['fish'])
    expect(await complete(cli, 'import', '')).toEqual(['files'])
    expect(await complete(cli, 'export', 'x', '-o', '')).toEqual(['files'])
    expect(await complete(cli, '--data-dir', '')).toEqual(['folders'])
    expect(await complete(cli, 'doctor', '')).toEqual([])
    expect(await complete(cli, 'doctor', '--f')).toEqual(['--fix'])
    expect(await complete(cli, 'trash', 'e')).toEqual(['empty'])
    expect(await complete(cli, 'workstream', 'pu')).toEqual(['purge'])
    expect(await complete(cli, 'workstream', 'fork', 'x', '--a')).toEqual(['--at'])
    expect(await complete(cli, '__')).toEqual([])
  })

  it('knows titles that can be typed and mean one workstream, and ids of the others', async () => {
    const cli = await withWorkstreams()
    const all = ['Release notes', 'Rust & C: "why"', 'evil', 'twin-a', 'twin-b']
    expect((await complete(cli, 'history', '')).sort()).toEqual(all)
    expect((await complete(cli, 'send', '-w', '')).sort()).toEqual(all)
    expect(await complete(cli, 'workstream', 'unarchive', 'rEL')).toEqual(['rELease notes'])
    expect((await complete(cli, 'history', 'twi')).sort()).toEqual(['twin-a', 'twin-b'])
    expect(await complete(cli, 'history', '"rust & C')).toEqual(['rust & C: "why"'])
    expect(await complete(cli, 'history', 'x', '')).toEqual([])
    for (const taking of [
      ['promote', '--into'],
      ['events', '-w'],
      ['workstream', 'fork'],
      ['ws', 'purge'],
    ])
      expect((await complete(cli, ...taking, '')).sort(), taking.join(' ')).toEqual(all)
    const elsewhere = join(cli.dir, 'elsewhere')
    expect(await complete(cli, '--data-dir', elsewhere, 'history', '')).toEqual([])
    expect(await complete(cli, `--data-dir=${cli.dataDir}`, 'history', 'lang')).toEqual(['langs'])
  })

  it('knows what is in the trash', async () => {
    const cli = await withWorkstreams()
    for (const id of ['rel', 'twin-a']) await cli('ws', 'purge', id, '--yes')
    await cli('workstream', 'create', 'Again', '--id', 'twin-a')
    await cli('ws', 'purge', 'twin-a', '--yes')
    expect(await complete(cli, 'trash', 'restore', 'rel')).toEqual(['release notes'])
    expect(await complete(cli, 'trash', 'empty', '')).toEqual(['Release notes', 'Twin', 'Again'])
    expect(await complete(cli, 'trash', 'empty', '20')).toEqual([
      expect.stringMatching(/^20.*Z\.rel$/),
      expect.stringMatching(/^20.*Z\.twin-a$/),
      expect.stringMatching(/^20.*Z\.twin-a$/),
    ])
  })

  it('makes nothing and says nothing when something is wrong', async () => {
    const cli = makeCli()
    expect(await complete(cli, 'history', '')).toEqual([])
    expect(existsSync(cli.dataDir)).toBe(false)
    writeFileSync(join(cli.dir, 'arawn.toml'), 'nonsense = 1\n')
    for (const args of [['zsh', '--', 'history', ''], ['zsh'], [], ['zsh', '--unknown']])
      expect(await cli('__complete', ...args)).toEqual({ code: 0, out: '', err: '' })
  })

  it('prints a script for each shell and refuses others', async () => {
    const cli = makeCli()
    for (const shell of ['bash', 'zsh', 'fish']) expect((await cli('completion', shell)).out).toContain('__complete')
    expect(await cli('completion', 'tcsh')).toMatchObject({ code: 2, err: expect.stringContaining('bash, zsh, fish') })
  })

  it('writes a word for bash so that it means itself', () => {
    const printable = string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text))
    assert(
      property(printable, (text) => {
        expect(readShellWord(writeBashWord(text, undefined) ?? '').text).toBe(text)
        expect(readShellWord(`"${writeBashWord(text, '"')}`)).toEqual({ text, open: '"' })
        const single = writeBashWord(text, "'")
        if (single !== undefined) expect(readShellWord(`'${single}'`).text).toBe(text)
      }),
    )
  })
})

const built = existsSync(new URL('../dist/main.js', import.meta.url))
const has = (shell: string) => spawnSync(shell, ['--version']).error === undefined
for (const shell of ['bash', 'zsh', 'fish'])
  if (!has(shell)) console.log(`completion in ${shell}: skipped, not installed`)

/** A folder to put on PATH in which `arawn` is the program that was built. */
function binFolder(cli: Cli): string {
  const folder = join(cli.dir, 'bin')
  mkdirSync(folder)
  const bin = fileURLToPath(new URL('../bin/arawn.mjs', import.meta.url))
  writeFileSync(join(folder, 'arawn'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`, { mode: 0o755 })
  return folder
}

function runShell(cli: Cli, [command = '', ...args]: string[]): string {
  const env = { HOME: cli.dir, PATH: `${binFolder(cli)}:${process.env.PATH}`, TERM: 'dumb' }
  return execFileSync(command, args, { cwd: cli.dir, env, encoding: 'utf8' })
}

// As it is installed: needs a build.
describe.skipIf(!built)('in a shell', () => {
  it.skipIf(!has('bash'))('bash completes words that it can run', async () => {
    const cli = await withWorkstreams()
    mkdirSync(join(cli.dir, 'talks'))
    writeFileSync(join(cli.dir, 'talks.jsonl'), '')
    const lines = [
      ['arawn', 'hist'],
      ['arawn', 'history', 'rel'],
      ['arawn', 'history', '"rust'],
      ['arawn', 'history', 'rust'],
      ['arawn', 'import', 'ta'],
      ['arawn', '--data-dir', 'ta'],
      ['arawn', 'history', '$(touch hacked)'],
    ]
    const asks = lines.map((words) => {
      const typed = words.map((word) => `'${word}'`).join(' ')
      return `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _arawn arawn; printf '%s\\n' "\${COMPREPLY[@]}" --`
    })
    const script = [completionScripts.bash, ...asks].join('\n')
    const answers = runShell(cli, ['bash', '--norc', '-uc', script]).split('--\n')
    expect(answers).toEqual([
      'history\n',
      'release\\ notes\n',
      'rust & C: \\"why\\"\n',
      'rust\\ \\&\\ C\\:\\ \\"why\\"\n',
      'talks\ntalks.jsonl\n',
      'talks\n',
      '',
      '',
    ])
    expect(existsSync(join(cli.dir, 'hacked'))).toBe(false)
  })

  it.skipIf(!has('zsh'))('zsh reads the script and finds candidates', async () => {
    const cli = await withWorkstreams()
    const script = `autoload -U compinit; compinit -u; compadd() { print -l -- "\${(@)values}" }
${completionScripts.zsh}
words=(arawn history rel); CURRENT=3; _arawn`
    expect(runShell(cli, ['zsh', '-fc', script])).toBe('release notes\n')
  })

  it.skipIf(!has('fish'))('fish completes a line', async () => {
    const cli = await withWorkstreams()
    const script = `${completionScripts.fish}\ncomplete -C 'arawn history rel'`
    expect(runShell(cli, ['fish', '--no-config', '-c', script])).toContain('elease')
  })
})
