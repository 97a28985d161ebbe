import { describe, expect, it } from 'vitest'
import { instant } from '../src/commands/instant.js'
import { type Cli, makeCli } from './run-cli.js'

async function withMessages(): Promise<Cli> {
  const cli = makeCli()
  await cli('workstream', 'create', 'Fruit', '--id', 'f')
  await cli('send', '-w', 'f', 'An apple a day')
  await cli('send', '-w', 'f', 'Two apples\nand a pear', '--role', 'assistant')
  await cli('push', 'f', 'apple pie is ready', '--author', 'ci')
  return cli
}

const ids = (out: string) => [...out.matchAll(/^(\S+ \d+) {2}\d{4}-/gm)].map(([, id]) => id)

describe('arawn search', () => {
  it('shows where, when and who, and the passage on a line', async () => {
    const cli = await withMessages()
    const { code, out, err } = await cli('search', '"apples and"')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^f 2 {2}\S+Z {2}assistant\n {2}Two apples and a pear\n\n$/)
  })

  it('says where messages begin that have some of the words only', async () => {
    const cli = await withMessages()
    const { out } = await cli('search', 'apple', 'pear')
    expect(ids(out)).toEqual(['f 2', 'f 3', 'f 1'])
    expect(out.split('\n\n')[1]).toMatch(/^These have some of the words/)
    const none = await cli('search', 'quince', 'pear')
    expect(none.out).toMatch(/^No message has all of the words. These have some/)
    expect(await cli('search', '"quince" "pear"')).toMatchObject({ out: 'Nothing found.\n' })
  })

  it('marks what was found in colour', async () => {
    const cli = await withMessages()
    const { out } = await cli.with({ env: { NO_COLOR: '', FORCE_COLOR: '1' } }, 'search', 'pear')
    expect(out).toContain('and a \u001b[36mpear\u001b[')
  })

  it('filters', async () => {
    const cli = await withMessages()
    await cli('send', 'an apple in scratch')
    const by = async (...args: string[]) => ids((await cli('search', 'apple', '--newest', ...args)).out)
    expect(await by()).toEqual(['scratch 1', 'f 3', 'f 2', 'f 1'])
    expect(await by('-w', 'fruit')).toEqual(['f 3', 'f 2', 'f 1'])
    expect(await by('--role', 'assistant')).toEqual(['f 2'])
    expect(await by('--author', 'ci')).toEqual(['f 3'])
    expect(await by('--since', '1h')).toHaveLength(4)
    expect(await by('--until', '1h')).toEqual([])
    expect(await by('--limit', '2')).toEqual(['scratch 1', 'f 3'])
    expect(await by('--all', '--limit', '1')).toHaveLength(4)
  })

  it('says that there is more, that there is nothing, and that nothing was asked', async () => {
    const cli = await withMessages()
    expect((await cli('search', 'apple', '--limit', '1')).out).toContain('more: --limit <n> or --all')
    expect(await cli('search', 'apple', '-pie', '-day', '-pear')).toMatchObject({ code: 2 })
    expect(await cli('search', '--', 'apple', '-pie', '-day', '-pear')).toMatchObject({ out: 'Nothing found.\n' })
    expect(await cli('search', '"*"')).toMatchObject({ code: 0, out: '', err: expect.stringContaining('no words') })
  })

  it('gives records with --json, one a line', async () => {
    const cli = await withMessages()
    const { out } = await cli('search', 'pear', '--json')
    expect(JSON.parse(out)).toMatchObject({
      workstream_id: 'f',
      message: { sequence: 2, role: 'assistant' },
      snippet: 'Two apples and a pear',
      highlights: [[17, 21]],
    })
    expect((await cli('search', 'nothing', '--json')).out).toBe('')
  })

  it('keeps a terminal safe from what others wrote', async () => {
    const cli = makeCli()
    await cli('send', 'red \u001b[31m alert \u202e')
    const { out } = await cli.with({ columns: 80 }, 'search', 'alert')
    expect(out).not.toContain('\u001b[31m')
    expect(out).not.toContain('\u202e')
  })

  it('finds what was moved out of scratch there, and no longer what was purged', async () => {
    const cli = await withMessages()
    await cli('send', 'a quince')
    await cli('promote', '--into', 'f')
    expect(ids((await cli('search', 'quince')).out)).toEqual(['f 4'])
    expect(ids((await cli('search', 'quince', '--promoted')).out).sort()).toEqual(['f 4', 'scratch 1'])
    await cli('workstream', 'purge', 'f', '--yes')
    expect((await cli('search', 'quince')).out).toBe('Nothing found.\n')
    await cli('trash', 'restore', 'f')
    expect(ids((await cli('search', 'quince')).out)).toEqual(['f 4'])
  })
})

describe('a time on the command line', () => {
  const nowMs = Date.parse('2026-03-10T12:00:00.000Z')
  it.each([
    ['2026-01-15', '2026-01-15T00:00:00.000Z'],
    ['2026-01-15 10:30', '2026-01-15T10:30:00.000Z'],
    ['2026-01-15T10:30:05.5+01:00', '2026-01-15T09:30:05.500Z'],
    ['90m', '2026-03-10T10:30:00.000Z'],
    ['2w', '2026-02-24T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => expect(instant('--since', text, nowMs)).toBe(expected))

  it.each(['yesterday', '2026-13-01', '2026-02-30', '2026-02-29 10:30', '5', '', '999999w', '10:30'])(
    '%j is none',
    (text) => expect(() => instant('--since', text, nowMs)).toThrow('takes a time'),
  )
})
