import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workstreamSchema } from '@arawn/core/workstream'
import { describe, expect, it } from 'vitest'
import { makeCli } from './run-cli.js'

describe('arawn workstream', () => {
  it('creates one whose title stands in its log', async () => {
    const cli = makeCli()
    const { code, out } = await cli('workstream', 'create', 'Release notes', '--id', 'rel', '--tag', 'a', '--tag', 'b')
    expect([code, out]).toEqual([0, 'created rel  Release notes\n'])
    const line = readFileSync(join(cli.dataDir, 'workstreams/rel/workstream.jsonl'), 'utf8')
    expect(JSON.parse(line)).toMatchObject({ type: 'workstream_created', title: 'Release notes', tags: ['a', 'b'] })
  })

  it('prints records as they are with --json, before or after the command', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', 'A', '--json')
    await cli('workstream', 'create', 'B')
    for (const args of [
      ['--json', 'workstream', 'list'],
      ['workstream', 'list', '--json'],
    ]) {
      const lines = (await cli(...args)).out.trim().split('\n')
      expect(lines.map((line) => workstreamSchema.parse(JSON.parse(line)).title).sort()).toEqual(['A', 'B'])
    }
  })

  it('lists a table that fits the terminal and does not obey what titles say', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', '\u001b[2Jclean \u202ekcart', '--id', 'evil')
    await cli('workstream', 'create', '会議'.repeat(40), '--id', 'wide')
    const { out } = await cli.with({ columns: 60 }, 'workstream', 'list')
    expect(out).toMatch(/^ID {4}NAME +MESSAGES {2}LAST USED\n/)
    expect(out).toContain('\\u001b[2Jclean \\u202ekcart')
    expect(out).not.toContain('\u001b')
    expect(out).toContain('会議…')
    expect(out).toContain('just now')
  })

  it('shows, changes and empties fields', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', 'Old', '--id', 'w', '--model', 'large', '--tag', 'x')
    await cli('workstream', 'update', 'old', '--title', 'New', '--no-model', '--no-tags', '--metadata', 'a=b=c')
    const { out } = await cli('workstream', 'show', 'NEW', '--json')
    expect(JSON.parse(out)).toMatchObject({
      title: 'New',
      default_model: null,
      tags: [],
      metadata: { a: 'b=c' },
      active_session: null,
    })
    expect((await cli('workstream', 'show', 'w')).out).toContain('title     New')
  })

  it('pauses, archives and undoes both', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', 'W', '--id', 'w')
    const stateAfter = async (change: string) => JSON.parse((await cli('workstream', change, 'w', '--json')).out).state
    expect(await stateAfter('pause')).toBe('paused')
    expect(await stateAfter('resume')).toBe('active')
    expect(await stateAfter('archive')).toBe('archived')
    expect((await cli('workstream', 'list', '--json')).out).toBe('')
    expect((await cli('workstream', 'list', '--state', 'archived', '--json')).out).toContain('"w"')
    expect(await cli('send', '-w', 'w', 'x')).toMatchObject({ code: 4, err: expect.stringContaining('unarchive w') })
    expect(await stateAfter('unarchive')).toBe('active')
  })

  it.each(['../../x', '.', 'CON', 'con', 'x'.repeat(300), 'a\0b', '🦊'])(
    'refuses the id %j and changes nothing',
    async (id) => {
      const cli = makeCli()
      const { code, err } = await cli('workstream', 'create', 'T', '--id', id)
      expect(code).toBe(2)
      expect(err).toMatch(/^arawn: id: /)
      expect(err).not.toContain(' at ')
      expect(readdirSync(join(cli.dataDir, 'workstreams')).filter((name) => !name.startsWith('.'))).toEqual([])
    },
  )

  it('says what may have been meant, and lists candidates', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', 'Roadmap', '--id', 'one')
    await cli('workstream', 'create', 'roadmap', '--id', 'two')
    expect(await cli('history', 'Raodmap')).toMatchObject({
      code: 3,
      err: expect.stringMatching(/Did you mean .*"Roadmap"/),
    })
    const ambiguous = await cli('history', 'ROADMAP', '--json')
    expect(ambiguous.code).toBe(4)
    expect(JSON.parse(ambiguous.err).error).toMatchObject({
      code: 'WORKSTREAM_AMBIGUOUS',
      details: { candidates: [{ id: 'one' }, { id: 'two' }] },
    })
  })
})
