import type { MessageQuery, SessionQuery, WorkstreamQuery } from '@arawn/core/workstream-index'
import type { Database } from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../src/file/open-database.js'
import { MESSAGE_BY_ID, messagesQuery } from '../src/query/message-queries.js'
import { createSessionQueries } from '../src/query/session-queries.js'
import { createStatisticsQueries } from '../src/query/statistics-queries.js'
import { createTurnQueries } from '../src/query/turn-queries.js'
import { createWorkstreamQueries } from '../src/query/workstream-queries.js'
import { indexDir } from './open-index.js'

async function connection() {
  const dir = indexDir()
  await dir.openEmpty()
  const client = openDatabase(dir.path, { readonly: true })
  onTestFinished(() => void client.close())
  return { client, db: drizzle({ client }) }
}

/** How SQLite goes about it, one step a line. */
function planOf(client: Database, { sql, params }: { sql: string; params: unknown[] }): string[] {
  const steps = client.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...params)
  return steps.map(({ detail }) => detail)
}

/** Nothing is sorted, and nothing is read from one end to the other but the index that has the wanted order. */
function expectLean(plan: readonly string[], order: string | undefined): void {
  expect(plan.length).toBeGreaterThan(0)
  expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([])
  const scans = plan.filter((step) => step.startsWith('SCAN'))
  expect(scans.filter((step) => order === undefined || !step.includes(`USING INDEX ${order}`))).toEqual([])
}

const filters: Omit<WorkstreamQuery, 'limit'>[] = [undefined, 'all', 'active', 'paused', 'archived'].flatMap((state) =>
  [undefined, 'work'].flatMap((tag) =>
    [undefined, 'Rust'].flatMap((text) =>
      [undefined, '1768471200000:ws_1'].map((after) => ({
        state: state as WorkstreamQuery['state'],
        tag,
        text,
        after,
      })),
    ),
  ),
)

describe('the list of workstreams', () => {
  it.each(filters)('walks along one index in order and sorts nothing: %j', async (filter) => {
    const { client, db } = await connection()
    const query = createWorkstreamQueries({ client, db }).listQuery({ ...filter, limit: 20 })
    const plan = planOf(client, query.toSQL())
    expectLean(plan, 'workstreams_order')
    expect(plan[0]).toContain('USING INDEX workstreams_order')
  })

  it('begins at the cursor instead of the first row', async () => {
    const { client, db } = await connection()
    const query = createWorkstreamQueries({ client, db }).listQuery({ limit: 20, after: '1768471200000:ws_1' })
    expect(planOf(client, query.toSQL())[0]).toMatch(/^SEARCH/)
  })
})

describe('the workstreams whose ids begin and end in some way', () => {
  it.each([
    { begin: 'ws_01m7', end: '' },
    { begin: 'ws_', end: 'x7k2m9qa' },
  ])('are found along the ids in order: %j', async (parts) => {
    const { client, db } = await connection()
    const query = createWorkstreamQueries({ client, db }).idPartsQuery(parts, 20)
    expect(planOf(client, query.toSQL())).toEqual(['SEARCH workstreams USING INDEX workstreams_id (id>? AND id<?)'])
  })
})

const ofA = { workstreamId: 'a', limit: 20 }

const sessionQueries: SessionQuery[] = [
  ofA,
  { ...ofA, newestFirst: true },
  { ...ofA, after: '7' },
  { ...ofA, after: '7', newestFirst: true },
]

describe('the list of sessions', () => {
  it.each(sessionQueries)('is read from an index in order: %j', async (query) => {
    const { client, db } = await connection()
    expectLean(planOf(client, createSessionQueries({ client, db }).sessionsQuery(query).toSQL()), undefined)
  })
})

const messageQueries: MessageQuery[] = [
  ofA,
  { ...ofA, after: 7 },
  { ...ofA, before: 7 },
  { ...ofA, after: 7, before: 90 },
]

describe('a message', () => {
  it('is found by its id along an index', async () => {
    const { client } = await connection()
    expect(planOf(client, { sql: MESSAGE_BY_ID, params: ['msg_1', 'a'] })).toEqual([
      'SEARCH w USING COVERING INDEX workstreams_id (id=?)',
      'SEARCH m USING INDEX messages_id (<expr>=? AND id=?)',
    ])
  })
})

describe('a page of messages', () => {
  it.each(messageQueries)('is read from an index in order: %j', async (query) => {
    const { client } = await connection()
    expectLean(planOf(client, messagesQuery(query)), undefined)
  })
})

describe('turns that failed', () => {
  it('are read from an index of their own in order', async () => {
    const { client, db } = await connection()
    const plan = planOf(client, createTurnQueries({ client, db }).failedQuery('a', 20).toSQL())
    expect(plan).toEqual([expect.stringContaining('SEARCH turns USING INDEX turns_failed')])
  })
})

describe('statistics', () => {
  it('walk each table once and sort at most the busiest few', async () => {
    const { client, db } = await connection()
    const { busiest, ...counts } = createStatisticsQueries({ client, db }).countQueries(undefined)
    for (const query of Object.values(counts)) {
      const plan = planOf(client, query.toSQL())
      expect(plan).toEqual([expect.stringMatching(/^SCAN/)])
    }
    expect(planOf(client, busiest.toSQL())).toEqual(['SCAN workstreams', 'USE TEMP B-TREE FOR ORDER BY'])
  })

  it('read only the rows of the workstream that was asked for', async () => {
    const { client, db } = await connection()
    const { busiest, ...counts } = createStatisticsQueries({ client, db }).countQueries('a')
    for (const query of [busiest, ...Object.values(counts)]) expectLean(planOf(client, query.toSQL()), undefined)
  })
})
