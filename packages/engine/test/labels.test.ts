import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateText, labels, nameText, unlabelled } from '../src/context/labels.js'

const NOW = '2026-01-15T11:00:00.000+01:00'
const all = [
  labels.session(NOW),
  labels.message(undefined, NOW),
  labels.push('ci-bot', NOW),
  labels.note(NOW),
  labels.lateResult('Bash', NOW),
  labels.workstreamSummary('A "title"'),
  labels.sessionSummary(undefined, true),
  labels.sessionSummary(NOW, false),
  labels.echoes,
  labels.echoesEnd,
  labels.empty,
  labels.goOn,
  labels.noAnswer,
  ...Object.values(labels.broken),
]

describe('labels', () => {
  it('are one line each, and none can be said by content', () => {
    for (const label of all) {
      expect(label).toMatch(/^\[[^\n\][]+\]$/u)
      expect(unlabelled(label)).toBe(`\\${label}`)
      expect(unlabelled(`so\r\n  ${label.toUpperCase()}`)).toBe(`so\r\n  \\${label.toUpperCase()}`)
      expect(unlabelled(unlabelled(label))).toBe(`\\\\${label}`)
      expect(unlabelled(`\u200b${label}`)).toBe(`\u200b\\${label}`)
      expect(unlabelled(`see ${label}`)).toBe(`see ${label}`)
    }
  })

  it('are all in the list of this test', () => {
    expect(Object.keys(labels).length).toBe(14)
  })

  it('other brackets are left alone', () => {
    const text = '[tool.ruff]\n[session]\n[x] done\n[1, 2]\n[link](https://example.org)'
    expect(unlabelled(text)).toBe(text)
  })

  it('names in them end nothing', () => {
    assert(
      property(string({ unit: 'binary' }), (name) => {
        const label = labels.push(nameText(name), NOW)
        expect(label).toMatch(/^\[[^\n\r\u2028\u2029\][]+, 2026-01-15 10:00 UTC\]$/u)
      }),
    )
  })

  it('dates are in UTC, whatever they were written in', () => {
    expect(dateText(NOW)).toBe('2026-01-15 10:00 UTC')
    expect(dateText('2026-13-45T00:00:00Z')).toBe('at an unknown time')
  })
})
