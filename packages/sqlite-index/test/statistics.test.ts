import { describe, expect, it } from 'vitest'
import { headsAt, indexDir, indexedLine } from './open-index.js'

const said = (session: string, role: string, second: number) => ({
  v: 1,
  stamp: second,
  id: `msg_${session}_${second}`,
  session_id: session,
  timestamp: `2026-01-15T10:00:0${second}.000Z`,
  role,
  content: 'x',
})

describe('statistics', () => {
  it('are all zero on an empty index', async () => {
    const index = await indexDir().openEmpty()
    const { index_bytes, ...counts } = await index.statistics()
    expect(index_bytes).toBeGreaterThan(0)
    expect(counts).toEqual({
      workstreams: { total: 0, active: 0, paused: 0, archived: 0 },
      sessions: { total: 0, active: 0, ended: 0, timed_out: 0 },
      messages: { total: 0, user: 0, assistant: 0, system: 0, tool_use: 0, tool_result: 0, agent_push: 0 },
      log_bytes: 0,
      first_message_at: null,
      last_message_at: null,
      busiest: [],
    })
  })

  it('count what there is, of all workstreams or of one', async () => {
    const index = await indexDir().openEmpty()
    const transaction = await index.begin()
    for (const [id, roles] of [
      ['a', ['user']],
      ['b', ['user', 'assistant', 'tool_use']],
    ] as const) {
      await transaction.apply(
        id,
        roles.map((role, n) => indexedLine('messages', n + 1, n + 1, said(`ses_${id}`, role, n + 1))),
      )
      await transaction.setHeads(id, headsAt({ workstream: 0, sessions: 0, messages: roles.length }))
    }
    await transaction.commit()
    expect(await index.statistics()).toMatchObject({
      workstreams: { total: 2, active: 2 },
      sessions: { total: 2, ended: 2 },
      messages: { total: 4, user: 2, assistant: 1, tool_use: 1 },
      log_bytes: 4_000,
      first_message_at: '2026-01-15T10:00:01.000Z',
      last_message_at: '2026-01-15T10:00:03.000Z',
      busiest: [
        { id: 'b', title: null, message_count: 3 },
        { id: 'a', title: null, message_count: 1 },
      ],
    })
    expect(await index.statistics('a')).toMatchObject({
      workstreams: { total: 1 },
      sessions: { total: 1 },
      messages: { total: 1, user: 1, assistant: 0 },
      log_bytes: 1_000,
      last_message_at: '2026-01-15T10:00:01.000Z',
      busiest: [{ id: 'a', message_count: 1 }],
    })
  })
})
