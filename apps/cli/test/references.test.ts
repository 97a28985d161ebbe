import { describe, expect, it } from 'vitest'
import { shortId } from '../src/terminal/short-id.js'
import { makeCli } from './run-cli.js'

describe('a workstream', () => {
  it('is named by what a table on a terminal shows of it', async () => {
    const cli = makeCli()
    const { id } = JSON.parse((await cli('workstream', 'create', '--json')).out)
    const table = (await cli.with({ columns: 80 }, 'workstream', 'list')).out
    const [shown = ''] = table.split('\n')[1]?.split(' ') ?? []
    expect(shown).toBe(id.slice(-8))
    expect(await cli('send', '-w', shown, 'x')).toMatchObject({ code: 0 })
    expect(JSON.parse((await cli('workstream', 'show', shown, '--json')).out)).toMatchObject({ id, message_count: 1 })
    expect((await cli('workstream', 'list')).out).toContain(id)
  })

  it('is not guessed when a part of an id may mean several', async () => {
    const cli = makeCli()
    for (const id of ['plan-a', 'plan-b']) await cli('workstream', 'create', id.toUpperCase(), '--id', id)
    const { code, err } = await cli('send', '-w', 'plan', 'x')
    expect(code).toBe(4)
    expect(err).toBe('arawn: 2 workstreams have "plan" in their id; use more of it\n  plan-a PLAN-A\n  plan-b PLAN-B\n')
    expect((await cli('stats', '--json')).out).toContain('"messages":{"total":0')
  })

  it('keeps an id of its own choice whole', () => {
    expect(['scratch', 'release-notes', 'ws_mine'].map(shortId)).toEqual(['scratch', 'release-notes', 'ws_mine'])
  })
})
