import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readShellWord, writeBashWord } from '../src/completion/shell-word.js'
import { withWorkstreams } from './completion-workstreams.js'
import { type Cli, makeCli } from './run-cli.js'

const COMMANDS =
  'workstream chat send push history context compress summary facts models search events session promote import export trash stats index mcp doctor config serve completion help'

/** The candidates without their descriptions. */
async function complete(cli: Cli, ...words: string[]): Promise<string[]> {
  const { code, out, err } = await cli('__complete', 'zsh', '--', ...words)
  expect([code, err]).toEqual([0, ''])
  const [kind = '', ...lines] = out.trimEnd().split('\n')
  return kind === 'words' ? lines.map((line) => line.split('\t')[0] ?? '') : [kind]
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
    expect(await complete(cli, 'export', 'x', '--output=ta')).toEqual(['files'])
    expect(await complete(cli, '--data-dir=ta')).toEqual(['folders'])
    expect(await complete(cli, 'import', '--title=ta')).toEqual([])
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
    expect(await complete(cli, 'promote', '--into=rel')).toEqual(['--into=release notes'])
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
