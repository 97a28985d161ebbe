import { derivedId } from '@arawn/core/derived-id'
import type { LogName } from '@arawn/core/record'
import { logNames } from '@arawn/core/record'
import type { IndexedLine, IndexTransaction, WorkstreamIndex } from '@arawn/core/workstream-index'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dumpOf, indexDir, indexedLine } from './open-index.js'

const sessionId = fc.constantFrom('s', 't', 'u', '__proto__', '')
const timestamp = fc.constantFrom(
  '2026-01-15T10:00:00.000Z',
  '2026-01-15T12:30:00+02:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-01-15T10:00:00.123456Z',
  'yesterday',
)
const stamp = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 50 }) },
  fc.constantFrom(0, 1_768_471_200_000_000, Number.MAX_SAFE_INTEGER),
)
const json = fc.constantFrom(
  {},
  { a: 1 },
  { source: { conversation_id: 'c', key: 'k' } },
  { source: 'x' },
  { source: { key: 7 } },
  'text',
  null,
)
const title = fc.constantFrom(null, 'A', ' b ', '', 'x'.repeat(300), 'ǅ\u0000', '\ud83e')
const envelope = { v: fc.constantFrom(1, 2), timestamp }

const record = fc.oneof(
  fc.record(
    {
      ...envelope,
      type: fc.constant('workstream_created'),
      title,
      tags: fc.constantFrom(['x'], ['x', 'x'], ['']),
      metadata: json,
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({
    ...envelope,
    type: fc.constant('workstream_updated'),
    changes: fc.record(
      { title, tags: fc.constantFrom([], ['y'], ['y', 'y']), metadata: json, default_model: title },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    ...envelope,
    type: fc.constant('workstream_state_changed'),
    state: fc.constantFrom('active', 'archived', 'gone'),
  }),
  fc.record({
    ...envelope,
    type: fc.constant('workstream_summarized'),
    id: sessionId,
    summary: title,
    coverage: fc.constantFrom([], [[1, 2]], [[2, 1]]),
  }),
  fc.record({
    ...envelope,
    type: fc.constantFrom('compression_claimed', 'compression_submitted', 'compression_collected'),
    id: sessionId,
    model: title,
    keys: fc.constantFrom([], ['k'], ['k', 'k'], 'k'),
    owner: fc.constantFrom('run_1', ''),
    batch_id: fc.constantFrom('b', ''),
    expires_at: fc.oneof(timestamp, fc.constant(null)),
    outcome: fc.constantFrom('ended', 'lost', 'other'),
  }),
  fc.record({
    ...envelope,
    type: fc.constant('log_adopted'),
    log: fc.constantFrom(...logNames),
    first_sequence: fc.integer({ min: 1, max: 9 }),
    last_sequence: fc.integer({ min: 1, max: 9 }),
  }),
  {
    weight: 4,
    arbitrary: fc.record(
      { v: fc.constant(1), timestamp, type: fc.constant('session_opened'), id: sessionId, imported: fc.boolean() },
      { requiredKeys: ['v', 'timestamp', 'type', 'id'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      v: fc.constant(1),
      timestamp,
      type: fc.constant('session_closed'),
      id: sessionId,
      status: fc.constantFrom('ended', 'timed_out', 'active'),
      reason: fc.constantFrom('idle', 'implied', 'imported', 'other'),
      ended_at: timestamp,
    }),
  },
  fc.record({
    ...envelope,
    type: fc.constant('session_summarized'),
    id: sessionId,
    session_id: sessionId,
    summary: fc.constant('s'),
    coverage: fc.constant([]),
  }),
  fc.record({
    ...envelope,
    type: fc.constantFrom('turn_started', 'turn_ended', 'promotion_started', 'promotion_completed', 'painted'),
    id: sessionId,
    session_id: sessionId,
    interaction_id: sessionId,
    owner: fc.constant('o'),
    status: fc.constant('ok'),
    target_id: fc.constant('b'),
    coverage: fc.constant([]),
  }),
  {
    weight: 5,
    arbitrary: fc.record(
      {
        v: fc.constant(1),
        timestamp,
        id: fc.constantFrom('m', 'n', 'o', '__proto__'),
        session_id: sessionId,
        role: fc.constantFrom('user', 'assistant', 'pirate'),
        content: fc.constantFrom('', 'x'),
        metadata: json,
      },
      { requiredKeys: ['timestamp', 'role', 'content'] },
    ),
  },
)

/** What a log's reader could come upon: records of any log in any log, in any order, and what is no record. */
const lines = fc.array(
  fc.record({
    log: fc.constantFrom<LogName[]>(...logNames),
    stamp,
    record: fc.oneof({ weight: 9, arbitrary: record }, fc.constantFrom('', 'nonsense', 'null', '[]', '{}', '{"v":1}')),
  }),
  { maxLength: 30 },
)

/** Numbers the lines of each log, and gives each record the stamp of its line. */
function sequenced(drawn: readonly { log: LogName; stamp: number; record: object | string }[]): IndexedLine[] {
  const counts = { workstream: 0, sessions: 0, messages: 0 }
  return drawn.map(({ log, stamp: at, record: value }) =>
    indexedLine(log, ++counts[log], at, typeof value === 'string' ? value : { stamp: Math.max(at, 1), ...value }),
  )
}

async function expectValid(transaction: IndexTransaction, given: readonly IndexedLine[]): Promise<void> {
  const workstream = await transaction.workstream('a')
  if (given.length === 0) return expect(workstream).toBeUndefined()
  if (workstream === undefined) return expect.fail('there is no workstream')
  const { items: sessions } = await transaction.sessions({ workstreamId: 'a', limit: 1_000 })
  const { items: messages } = await transaction.messages({ workstreamId: 'a', limit: 1_000 })
  expect(sessions.filter(({ status }) => status === 'active').length).toBeLessThanOrEqual(1)
  for (const session of sessions) {
    expect(session.ended_at === null).toBe(session.status === 'active')
    expect(session.message_count).toBe(messages.filter((message) => message.session_id === session.id).length)
    expect(session.turn_count).toBeLessThanOrEqual(session.message_count)
  }
  expect(new Set(sessions.map(({ id }) => id)).size).toBe(sessions.length)
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
  for (const message of messages) expect(sessions.map(({ id }) => id)).toContain(message.session_id)
  // Each line of the messages log is a message or a counted anomaly.
  const said = given.filter(({ log, line }) => log === 'messages' && line.kind === 'message')
  expect(messages.map(({ sequence }) => sequence)).toEqual(said.map(({ sequence }) => sequence))
  expect(workstream.message_count).toBe(messages.length)
  expect(workstream.last_message_at === null).toBe(messages.length === 0)
  const skipped = given.filter(({ line }) => line.kind === 'skipped').length
  const kinds = ['invalid_json', 'blank_line', 'unsupported_version', 'unknown_type', 'invalid_record']
  const anomalies = await transaction.anomalies('a')
  expect(anomalies.filter(({ kind }) => kinds.includes(kind))).toHaveLength(skipped)
}

/** What these batches make of an empty index. */
async function rowsOf(index: WorkstreamIndex, batches: IndexedLine[][]): Promise<string[]> {
  const transaction = await index.begin()
  try {
    for (const batch of batches) await transaction.apply('a', batch)
    return await dumpOf(transaction)
  } finally {
    await transaction.rollback()
  }
}

describe('apply', () => {
  it('makes a valid index of any lines whatever', async () => {
    const index = await indexDir().openEmpty()
    await fc.assert(
      fc.asyncProperty(lines, async (drawn) => {
        const given = sequenced(drawn)
        const transaction = await index.begin()
        try {
          await transaction.apply('a', given)
          await expectValid(transaction, given)
        } finally {
          await transaction.rollback()
        }
      }),
      { numRuns: 400 },
    )
  })

  it('gives the same rows however the lines are cut into batches', async () => {
    const index = await indexDir().openEmpty()
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(30), { maxLength: 5 }), async (drawn, cuts) => {
        const given = sequenced(drawn)
        const whole = await rowsOf(index, [given])
        const borders = [0, ...cuts.map((cut) => Math.min(cut, given.length)).sort((a, b) => a - b), given.length]
        const batches = borders.slice(1).map((border, n) => given.slice(borders[n], border))
        expect(await rowsOf(index, batches)).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same rows for many messages at once as for each by itself, whichever ids are there twice', async () => {
    const index = await indexDir().openEmpty()
    const complete = fc.record({
      id: fc.oneof({ weight: 30, arbitrary: fc.uuid() }, fc.constantFrom('x', derivedId('msg', 'a', 5))),
      session_id: fc.constantFrom('s', 't'),
      timestamp: fc.constant('2026-01-15T10:00:00.000Z'),
      role: fc.constant('user'),
      content: fc.constant(''),
    })
    const handWritten = complete.map(({ id, session_id, ...said }) => said)
    const message = fc.oneof({ weight: 20, arbitrary: complete }, { weight: 1, arbitrary: handWritten })
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 4, maxLength: 70 }), async (drawn) => {
        const given = drawn.map((said, n) => indexedLine('messages', n + 1, n + 1, { v: 1, stamp: n + 1, ...said }))
        expect(await rowsOf(index, [given])).toEqual(
          await rowsOf(
            index,
            given.map((line) => [line]),
          ),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('gives each line a row, also when somebody has written the ids that lines get by their places', async () => {
    const index = await indexDir().openEmpty()
    const taken = [derivedId('msg', 'a', 4), derivedId('msg', "a'", 4), 'x']
    const given = [...taken, 'x', derivedId('msg', 'a', 5)].map((id, n) =>
      indexedLine('messages', n + 1, n + 1, {
        v: 1,
        id,
        session_id: 's',
        stamp: n + 1,
        timestamp: '2026-01-15T10:00:00.000Z',
        role: 'user',
        content: '',
      }),
    )
    const transaction = await index.begin()
    await transaction.apply('a', given)
    await expectValid(transaction, given)
    expect(await transaction.anomalies('a')).toContainEqual(
      expect.objectContaining({ sequence: 4, kind: 'duplicate_id' }),
    )
    await transaction.rollback()
  })

  it('leaves nothing of a workstream that is forgotten, and all of its neighbours', async () => {
    const index = await indexDir().openEmpty()
    await fc.assert(
      fc.asyncProperty(lines, lines, async (one, other) => {
        const transaction = await index.begin()
        try {
          await transaction.apply('b', sequenced(other))
          const before = await dumpOf(transaction)
          await transaction.apply('a', sequenced(one))
          await transaction.forget('a')
          expect(await dumpOf(transaction)).toEqual(before)
        } finally {
          await transaction.rollback()
        }
      }),
      { numRuns: 100 },
    )
  })
})
