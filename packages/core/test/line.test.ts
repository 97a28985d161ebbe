import { recordIdSchema } from '@arawn/core/id'
import { decodeLine, encodeLine } from '@arawn/core/line'
import { messageSchema } from '@arawn/core/message'
import { type LogName, logNames } from '@arawn/core/record'
import { stampSchema } from '@arawn/core/stamp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

const message = {
  v: 1,
  stamp: 1_795_219_122_123_456,
  id: 'msg_1',
  session_id: 'ses_1',
  timestamp: '2026-01-15T10:00:00.000Z',
  role: 'user',
  content: 'hello',
} as const

describe('decodeLine', () => {
  it('gives back what was encoded, with fields that it does not know', () => {
    const record = { ...message, colour: 'blue', metadata: { deep: [1, { a: null }] } }
    expect(decodeLine('messages', encodeLine(record))).toEqual({ kind: 'message', message: record })
  })

  it('takes a hand-written message for one, with CR and a byte order mark', () => {
    const line = '\ufeff{"role":"user","content":"hi","timestamp":"2026-01-15T10:00:00Z"}\r'
    expect(decodeLine('messages', line)).toMatchObject({ kind: 'message', message: { content: 'hi' } })
  })

  it.each<[LogName, string, string]>([
    ['messages', '{"role":"user"', 'invalid_json'],
    ['messages', '', 'blank_line'],
    ['messages', '  \r', 'blank_line'],
    ['messages', '[]', 'invalid_record'],
    ['messages', 'null', 'invalid_record'],
    ['messages', JSON.stringify({ ...message, v: 2 }), 'unsupported_version'],
    ['messages', JSON.stringify({ ...message, type: 'note' }), 'unknown_type'],
    ['messages', JSON.stringify({ ...message, role: 'wizard' }), 'invalid_record'],
    ['messages', JSON.stringify({ ...message, timestamp: 'yesterday' }), 'invalid_record'],
    ['workstream', '{"v":1,"stamp":1,"type":"workstream_exploded"}', 'unknown_type'],
    ['workstream', '{"v":1,"stamp":1,"type":"session_opened"}', 'invalid_record'],
    [
      'sessions',
      '{"v":1,"stamp":0,"type":"session_opened","id":"s","timestamp":"2026-01-15T10:00:00Z"}',
      'invalid_record',
    ],
  ])('passes over a line of %s: %s', (log, line, reason) => {
    expect(decodeLine(log, line)).toEqual({ kind: 'skipped', reason })
  })

  it('passes over a line that is nested too deep, and no other', () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    const around = (name: string, depth: number) =>
      `${JSON.stringify(message).slice(0, -1)},"${name}":${nested(depth)}}`
    expect(decodeLine('messages', around('metadata', 300)).kind).toBe('message')
    for (const depth of [2_000, 100_000])
      for (const name of ['metadata', 'colour'])
        expect(decodeLine('messages', around(name, depth))).toEqual({ kind: 'skipped', reason: 'invalid_record' })
    const created = '{"v":1,"stamp":1,"type":"workstream_created","id":"notes","timestamp":"2026-01-15T10:00:00Z"'
    expect(decodeLine('workstream', `${created},"metadata":${nested(2_000)}}`)).toEqual({
      kind: 'skipped',
      reason: 'invalid_record',
    })
  })

  it('answers for any text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((json) => `${json}\r`),
    )
    fc.assert(
      fc.property(fc.constantFrom(...logNames), anything, (log, text) => {
        expect(['message', 'record', 'skipped']).toContain(decodeLine(log, text).kind)
      }),
    )
  })

  it('gives of every message what its schema gives, keys in the same order', () => {
    const schema = messageSchema.extend({
      v: z.literal(1).optional(),
      id: recordIdSchema.optional(),
      session_id: recordIdSchema.optional(),
      stamp: stampSchema.optional(),
    })
    fc.assert(
      fc.property(almostMessage, (value) => {
        const line = decodeLine('messages', JSON.stringify(value))
        const parsed = schema.safeParse(JSON.parse(JSON.stringify(value)))
        expect(line.kind).toBe(parsed.success ? 'message' : 'skipped')
        if (line.kind === 'message') expect(JSON.stringify(line.message)).toBe(JSON.stringify(parsed.data))
      }),
      { numRuns: 2_000 },
    )
  })
})

/** Most often a message as we write it, now and then with something that is missing, wrong, unknown or in another order. */
const almostMessage = fc
  .tuple(
    fc.constantFrom(message, { ...message, author: 'Ada' }, { ...message, interaction_id: 'int_1' }),
    fc.dictionary(
      fc.constantFrom(
        ...Object.keys(message).slice(1),
        'author',
        'interaction_id',
        'idempotency',
        'metadata',
        'x',
        '__proto__',
      ),
      fc.constantFrom<unknown>(
        ...[
          '',
          'user',
          'wizard',
          'x'.repeat(200),
          'x'.repeat(201),
          '2026-02-28T23:59:60Z',
          '2024-02-29T10:00:00.5+02:00',
        ],
        ...[
          '2023-02-29T10:00:00.000Z',
          '2026-01-15T10:00:00.000Z',
          '2026-01-15 10:00:00Z',
          0,
          1,
          -1,
          1.5,
          2 ** 53,
          1e300,
        ],
        ...[null, true, [], {}, { key: 'k', request_hash: 'h' }, undefined],
      ),
      { maxKeys: 2, noNullPrototype: true },
    ),
    fc.boolean(),
  )
  .map(([base, changed, backwards]) => {
    const entries = Object.entries({ ...base, ...changed })
    return Object.fromEntries(backwards ? entries.reverse() : entries)
  })
