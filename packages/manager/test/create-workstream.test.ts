import { badWorkstreamIds } from '@arawn/testkit/bad-workstream-ids'
import { createCountingIds } from '@arawn/testkit/counting-ids'
import { describe, expect, it } from 'vitest'
import { anything, invalid } from './invalid-input.js'
import { expectLevelWithLogs } from './manager-steps.js'
import { opened, testDir } from './open-manager.js'

describe('createWorkstream', () => {
  it('answers with what is on disk then', async () => {
    const { dir, manager } = await opened()
    const input = {
      id: 'a',
      title: ' Rust ',
      default_model: 'large',
      tags: ['x', 'y', 'x'],
      metadata: { n: { m: [1, null] } },
    }
    const created = await manager.createWorkstream(input)
    expect(created).toEqual({
      id: 'a',
      title: 'Rust',
      summary: null,
      forked_from: null,
      is_scratch: false,
      state: 'active',
      default_model: 'large',
      tags: ['x', 'y'],
      metadata: { n: { m: [1, null] } },
      created_at: '2026-01-15T10:00:00.000Z',
      updated_at: '2026-01-15T10:00:00.000Z',
      last_message_at: null,
      message_count: 0,
    })
    expect(dir.recordsOf('a', 'workstream')).toMatchObject([{ v: 1, type: 'workstream_created', title: 'Rust' }])
    expect(await (await dir.open()).getWorkstream('a')).toEqual({ ...created, active_session: null })
    expect((await manager.verify()).problems).toEqual([])
    await expectLevelWithLogs(manager)
  })

  it('draws an id when none is given', async () => {
    const dir = testDir()
    const manager = await dir.open({ ids: createCountingIds() })
    expect(await manager.createWorkstream()).toMatchObject({ id: 'ws_00000000000000000000000001', title: null })
  })

  it('takes an id once, whoever asks', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    const attempts = [manager, other, manager].map((handle) => handle.createWorkstream({ id: 'a' }))
    const outcomes = await Promise.allSettled(attempts)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'WORKSTREAM_EXISTS', details: { workstreamId: 'a' } })
    expect(dir.recordsOf('a', 'workstream')).toHaveLength(1)
  })

  it.each(badWorkstreamIds)('refuses the id %j and writes nothing', async (id) => {
    const { dir, manager } = await opened()
    await expect(manager.createWorkstream({ id })).rejects.toMatchObject(invalid('id'))
    expect(dir.snapshot()).toEqual({})
  })

  it('keeps the name scratch', async () => {
    const { dir, manager } = await opened()
    await expect(manager.createWorkstream({ id: 'scratch' })).rejects.toMatchObject(invalid('id'))
    expect(dir.snapshot()).toEqual({})
  })

  it.each<[string, object, string]>([
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'title'],
    ['a title of 300 characters', { title: 'x'.repeat(300) }, 'title'],
    ['an empty title', { title: '' }, 'title'],
    ['a title of blanks', { title: '  \t ' }, 'title'],
    ['a title that is no text', { title: 7 }, 'title'],
    ['half of a surrogate pair', { title: 'x\ud83e' }, 'title'],
    ['an empty tag', { tags: ['ok', ''] }, 'tags.1'],
    ['a long tag', { tags: ['x'.repeat(65)] }, 'tags.0'],
    ['half of a surrogate pair in a tag', { tags: ['\udd86'] }, 'tags.0'],
    ['half of a surrogate pair deep in metadata', { metadata: { a: [{ b: '\ud83e' }] } }, 'metadata.a.0.b'],
    ['half of a surrogate pair in a key of metadata', { metadata: { a: { '\ud83e': 1 } } }, 'metadata.a'],
    ['metadata that is no JSON', { metadata: { a: 1n } }, 'metadata.a'],
    ['an empty model', { default_model: '' }, 'default_model'],
    ['an unknown field', { tilte: 'x' }, ''],
  ])('refuses %s and names the field', async (_name, input, path) => {
    const { dir, manager } = await opened()
    await expect(manager.createWorkstream(anything(input))).rejects.toMatchObject(invalid(path))
    expect(dir.snapshot()).toEqual({})
  })

  it('takes a title of 200 characters in any script', async () => {
    const { manager } = await opened()
    const title = '🦆ä'.repeat(66)
    expect(await manager.createWorkstream({ title })).toMatchObject({ title })
    expect(await manager.getWorkstream(title)).toMatchObject({ title })
  })
})
