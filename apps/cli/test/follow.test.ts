import { describe, expect, it } from 'vitest'
import { Interrupted } from '../src/interruption.js'
import { type Cli, type CliRun, makeCli } from './run-cli.js'

/** Runs a command that goes on for ever, until it has printed so many lines. */
function until(
  cli: Cli,
  lines: number,
  ...args: string[]
): { printed(lines: number): Promise<void>; end: Promise<CliRun> } {
  const interruption = new AbortController()
  let out = ''
  let look = () => {}
  const count = () => out.split('\n').length - 1
  const onOut = (text: string) => {
    out = text
    look()
    if (count() >= lines) interruption.abort(new Interrupted(130))
  }
  return {
    printed: (some) =>
      new Promise((resolve) => {
        look = () => (count() >= some ? resolve() : undefined)
        look()
      }),
    end: cli.with({ interrupted: interruption.signal, onOut }, ...args),
  }
}

const records = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('arawn history --follow', () => {
  it('prints the last page, then what comes, each once', async () => {
    const cli = makeCli()
    for (const text of ['one', 'two', 'three']) await cli('send', text)
    const following = until(cli, 5, 'history', 'scratch', '--follow', '--limit', '2', '--json')
    await following.printed(1)
    await cli('send', 'four')
    await cli('workstream', 'create', 'another')
    await cli('send', 'five')
    await cli('send', 'six')
    const { code, out, err } = await following.end
    expect([code, err]).toEqual([130, ''])
    expect(records(out).map(({ content }) => content)).toEqual(['two', 'three', 'four', 'five', 'six'])
  })

  it('waits for the first message of an empty workstream', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', '--id', 'quiet')
    const following = until(cli, 1, 'history', 'quiet', '-f', '--json')
    await cli('push', 'quiet', 'at last')
    expect(records((await following.end).out)).toMatchObject([{ content: 'at last', sequence: 1 }])
  })

  it('takes no borders, and says what is not there', async () => {
    const cli = makeCli()
    expect((await cli('history', 'scratch', '--follow', '--before', '3')).code).toBe(2)
    expect((await cli('history', 'nobody', '--follow')).code).toBe(3)
  })
})

describe('arawn events', () => {
  it('goes on behind the last cursor', async () => {
    const cli = makeCli()
    await cli('send', 'one')
    const first = records((await until(cli, 2, 'events', '--since', '0', '--json').end).out).slice(0, 2)
    expect(first.map(({ type }) => type)).toEqual(['workstream.created', 'session.opened'])
    await cli('session', 'end', 'scratch')
    const since = first.at(-1).cursor
    const rest = records((await until(cli, 2, 'events', '--since', since, '-w', 'scratch', '--json').end).out)
    expect(rest).toMatchObject([
      { type: 'message.created', message: { content: 'one' } },
      { type: 'session.closed', record: { reason: 'requested' } },
    ])
  })

  it('is a line each for people, and safe on a terminal', async () => {
    const cli = makeCli()
    await cli('send', 'red \u001b[31m and\nlong')
    const { out } = await until(cli, 3, 'events', '--since', '0').end
    expect(out).toMatch(/^20.*Z {2}scratch {2}message\.created {2}user: red \\u001b\[31m and long\n/m)
  })

  it('refuses what is no cursor', async () => {
    const { code, err } = await makeCli()('events', '--since', 'yesterday')
    expect([code, err]).toEqual([2, expect.stringContaining('since')])
  })
})
