import { derivedId } from '@arawn/core/derived-id'
import { isWorkstreamId, recordIdSchema, typeIds } from '@arawn/core/id'
import { describe, expect, it } from 'vitest'

describe('workstream ids', () => {
  it.each(['ws_01m7y4vrf8f6a8d5c2z1bwjp36', 'a', '0', 'release-notes', 'x'.repeat(64)])('may be %s', (id) => {
    expect(isWorkstreamId(id)).toBe(true)
  })

  it.each([
    '',
    '.',
    '..',
    '../../x',
    'a/b',
    'a\\b',
    'A',
    'é',
    '🦊',
    'a b',
    '-a',
    '_a',
    'a\0',
    'x'.repeat(65),
    'con',
    'lpt1',
  ])('are never %j', (id) => {
    expect(isWorkstreamId(id)).toBe(false)
  })

  it('are what new ones look like, in the order of time', () => {
    const made = Array.from({ length: 100 }, () => typeIds.next('ws'))
    expect(made.every(isWorkstreamId)).toBe(true)
    expect(new Set(made).size).toBe(100)
    expect([...made].sort()).toEqual(made)
  })
})

describe('derivedId', () => {
  it('is the same for the same line, in every version', () => {
    expect(derivedId('msg', 'notes', 7)).toBe(derivedId('msg', 'notes', 7))
    expect(derivedId('msg', 'notes', 7)).toMatch(/^msg_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    expect(recordIdSchema.safeParse(derivedId('msg', 'notes', 7)).success).toBe(true)
  })

  it('differs by line, workstream and kind', () => {
    const ids = [derivedId('msg', 'a', 1), derivedId('msg', 'a', 2), derivedId('msg', 'b', 1), derivedId('ses', 'a', 1)]
    expect(new Set(ids).size).toBe(4)
  })
})
