import { describe, expect, it } from 'vitest'
import { contentsOf } from './manager-steps.js'
import { opened } from './open-manager.js'

describe('a reference', () => {
  it('is an exact id before it is a title', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'b' })
    await manager.createWorkstream({ id: 'b', title: 'a' })
    expect(await manager.getWorkstream('a')).toMatchObject({ id: 'a' })
    expect(await manager.sendMessage({ workstream: 'b', content: 'x' })).toMatchObject({ sequence: 1 })
    expect(await manager.getWorkstream('b')).toMatchObject({ message_count: 1 })
  })

  it('is a title in upper or lower case, composed or not', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Ärger mit Rust' })
    for (const title of ['Ärger mit Rust', 'ÄRGER MIT RUST', 'a\u0308rger mit rust'])
      expect(await manager.getWorkstream(title), title).toMatchObject({ id: 'a' })
    await manager.sendMessage({ workstream: 'ärger MIT rust', content: 'by title' })
    expect(await contentsOf(manager, 'a')).toEqual(['by title'])
  })

  it('that several titles match is refused with all of them', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'Rust' })
    await manager.createWorkstream({ id: 'b', title: 'rust' })
    const ambiguous = {
      code: 'WORKSTREAM_AMBIGUOUS',
      details: {
        reference: 'RUST',
        candidates: [
          { id: 'a', title: 'Rust' },
          { id: 'b', title: 'rust' },
        ],
      },
    }
    await expect(manager.getWorkstream('RUST')).rejects.toMatchObject(ambiguous)
    await expect(manager.sendMessage({ workstream: 'RUST', content: 'x' })).rejects.toMatchObject(ambiguous)
    await expect(manager.archiveWorkstream('RUST')).rejects.toMatchObject(ambiguous)
  })

  it('is part of an id: how it begins, or how one that was drawn ends', async () => {
    const { manager } = await opened()
    const [one, two, mine] = [
      'ws_01kf5n8h2wfq2r7z4yd3m6x7k2',
      'ws_01kf5n8h2wfq2r7z4yd3m6abcd',
      'release-notes',
    ] as const
    for (const id of [one, two, mine]) await manager.createWorkstream({ id })
    for (const [reference, id] of [
      ['ws_01kf5n8h2wfq2r7z4yd3m6x', one],
      ['01kf5n8h2wfq2r7z4yd3m6x', one],
      ['x7k2', one],
      ['X7K2', one],
      ['m6abcd', two],
      ['rele', mine],
    ] as const) {
      expect((await manager.getWorkstream(reference)).id, reference).toBe(id)
      await manager.sendMessage({ workstream: reference, content: reference })
    }
    expect(await contentsOf(manager, mine)).toEqual(['rele'])
    for (const reference of ['7k2', 'ws_', 'ws_01k', 'otes', 'x7k', 'ws_x7k2'])
      await expect(manager.getWorkstream(reference), reference).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
    for (const reference of ['ws_01kf', '01kf'])
      await expect(manager.getWorkstream(reference), reference).rejects.toMatchObject({
        code: 'WORKSTREAM_AMBIGUOUS',
        details: { reference, candidates: [{ id: two }, { id: one }] },
      })
  })

  it('is a title before it is part of an id', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'rust-one' })
    await manager.createWorkstream({ id: 'b', title: 'rust' })
    expect(await manager.getWorkstream('rust')).toMatchObject({ id: 'b' })
    expect(await manager.getWorkstream('rust-')).toMatchObject({ id: 'rust-one' })
    await manager.updateWorkstream('b', { title: null })
    expect(await manager.getWorkstream('rust')).toMatchObject({ id: 'rust-one' })
  })

  it('that is part of an id writes to no other workstream, and makes none', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'release-notes' })
    await manager.sendMessage({ workstream: 'release', content: 'x' })
    await manager.archiveWorkstream('release')
    expect(Object.keys(dir.snapshot()).every((log) => log.includes('release-notes'))).toBe(true)
    expect((await manager.listWorkstreams({ state: 'all' })).items).toHaveLength(1)
  })

  it('that nothing matches is refused with what is near, by every operation', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'garden', title: 'Rust questions' })
    const before = dir.snapshot()
    const operations: ((reference: string) => Promise<unknown>)[] = [
      (reference) => manager.getWorkstream(reference),
      (reference) => manager.updateWorkstream(reference, { title: 'x' }),
      (reference) => manager.pauseWorkstream(reference),
      (reference) => manager.resumeWorkstream(reference),
      (reference) => manager.archiveWorkstream(reference),
      (reference) => manager.unarchiveWorkstream(reference),
      (reference) => manager.sendMessage({ workstream: reference, content: 'x' }),
      (reference) => manager.pushAgentMessage({ workstream: reference, content: 'x' }),
      (reference) => manager.listMessages(reference),
      (reference) => manager.listSessions(reference),
      (reference) => manager.endSession(reference),
      (reference) => manager.exportLogs(reference),
      (reference) =>
        manager.importConversation({ source: { format: 'f', conversation_id: 'c' }, into: reference, messages: [] }),
    ]
    for (const operation of operations)
      for (const [reference, suggestion] of [
        ['gardne', 'garden'],
        ['Rust question', 'Rust questions'],
      ] as const)
        await expect(operation(reference), `${operation}`).rejects.toMatchObject({
          code: 'WORKSTREAM_NOT_FOUND',
          details: { reference, suggestions: expect.arrayContaining([suggestion]) },
        })
    expect(dir.snapshot()).toEqual(before)
  })

  it.each(['../../etc', '', 'a/b', '__proto__', 'x'.repeat(5_000), '\0'])(
    'of %j finds nothing and breaks nothing',
    async (reference) => {
      const { dir, manager } = await opened()
      await expect(manager.getWorkstream(reference)).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
      await expect(manager.listMessages(reference)).rejects.toMatchObject({ code: 'WORKSTREAM_NOT_FOUND' })
      expect(dir.snapshot()).toEqual({})
    },
  )
})
