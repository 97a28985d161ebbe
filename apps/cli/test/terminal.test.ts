import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { coloursFor } from '../src/terminal/colours.js'
import { fit } from '../src/terminal/fit.js'
import { jsonLine } from '../src/terminal/json-line.js'
import { messageText } from '../src/terminal/message-text.js'
import { printable, printableLine } from '../src/terminal/printable.js'
import { createProgress } from '../src/terminal/progress.js'
import { relativeTime } from '../src/terminal/relative-time.js'
import { renderTable } from '../src/terminal/table.js'
import { widthOf } from '../src/terminal/width-of.js'

const plain = { dim: (text: string) => text, bold: (text: string) => text, red: String, cyan: String }

describe('relativeTime', () => {
  const now = Date.parse('2026-03-10T12:00:00.000Z')
  it.each([
    ['2026-03-10T11:59:31.000Z', 'just now'],
    ['2026-03-10T11:59:00.000Z', '1 minute ago'],
    ['2026-03-10T10:00:01.000Z', '1 hour ago'],
    ['2026-03-10T10:00:00.000Z', '2 hours ago'],
    ['2026-03-10T11:00:00.000+01:00', '2 hours ago'],
    ['2026-03-08T12:00:00.000Z', '2 days ago'],
    ['2024-03-10T12:00:00.000Z', '2 years ago'],
    ['2026-03-10T15:00:00.000Z', 'in 3 hours'],
  ])('says of %s: %s', (timestamp, words) => expect(relativeTime(timestamp, now)).toBe(words))
})

describe('widthOf', () => {
  it('is none where a terminal has no size, so that nothing is cut to nothing', () => {
    expect(widthOf({ isTTY: true, columns: 80 })).toBe(80)
    expect(widthOf({ isTTY: true, columns: 0 })).toBe(undefined)
    expect(widthOf({ columns: 80 })).toBe(undefined)
  })
})

describe('renderTable', () => {
  const names = ['plain', '会議の議事録', '👩‍👩‍👧‍👦 family', 'é', '🇩🇪 Grüße', 'नमस्ते', 'a\tb\nc', '']

  it('keeps its columns under each other, however wide a character is', () => {
    const table = renderTable(
      ['NAME', 'N'],
      names.map((name) => [name, '7']),
      { width: undefined, shrink: [0] },
    )
    const widths = new Set(table.split('\n').map((line) => stringWidth(line)))
    expect(widths.size).toBe(1)
  })

  it('gives way only where it may, and never inside a character', () => {
    const rows = names.map((name) => ['ws_0123456789', name.repeat(20), '7'])
    const table = renderTable(['ID', 'NAME', 'N'], rows, { width: 40, shrink: [1] })
    for (const line of table.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(40)
    expect(table).toContain('ws_0123456789')
    expect(fit('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…')
  })
})

describe('what is printed', () => {
  const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\u202eevil\u2066\u061c\u2028\u007f'

  it('never steers a terminal', () => {
    for (const text of [printable(hostile), printableLine(hostile), jsonLine({ hostile })])
      expect([...text.trimEnd()].filter((char) => /[\p{Cc}\p{Bidi_Control}\p{Zl}]/u.test(char))).toEqual([])
    expect(printable('a\r\n\tb')).toBe('a\n\tb')
  })

  it('is the same value in JSON', () => expect(JSON.parse(jsonLine({ hostile }))).toEqual({ hostile }))

  it('shows a tool call in one short line, and its input when it says nothing else', () => {
    const base = {
      v: 1,
      stamp: 1,
      sequence: 4,
      id: 'msg_1',
      session_id: 'ses_1',
      timestamp: '2026-03-10T12:00:00.000Z',
    }
    const call = {
      ...base,
      role: 'tool_use' as const,
      content: '',
      metadata: { tool_name: 'Bash', arguments: { a: 1 } },
    }
    expect(messageText(call, plain)).toBe('4  2026-03-10T12:00:00.000Z  tool_use Bash\n  {"a":1}\n')
    const long = { ...base, role: 'tool_result' as const, content: '🦊'.repeat(5_000), metadata: { is_error: true } }
    const text = messageText(long, plain)
    expect(text).toContain('tool_result (error)')
    expect(text).toContain(`${'🦊'.repeat(200)}… (10000 characters)`)
  })
})

describe('colours', () => {
  it.each([
    [{ isTerminal: true, env: {}, wanted: true }, true],
    [{ isTerminal: false, env: {}, wanted: true }, false],
    [{ isTerminal: true, env: { NO_COLOR: '1' }, wanted: true }, false],
    [{ isTerminal: true, env: { NO_COLOR: '' }, wanted: true }, true],
    [{ isTerminal: false, env: { FORCE_COLOR: '1' }, wanted: true }, true],
    [{ isTerminal: false, env: { FORCE_COLOR: '0' }, wanted: true }, false],
    [{ isTerminal: true, env: { FORCE_COLOR: '1' }, wanted: false }, false],
    [{ isTerminal: true, env: { TERM: 'dumb' }, wanted: true }, false],
  ])('with %j are on: %s', ({ isTerminal, env, wanted }, on) => {
    const screen = { isTerminal, columns: 80, write: async () => {} }
    expect(coloursFor(screen, { env }, wanted).red('x') !== 'x').toBe(on)
  })
})

describe('progress', () => {
  const screenOf = (isTerminal: boolean) => {
    const written: string[] = []
    const write = async (text: string | Uint8Array) => void written.push(String(text))
    return { written, screen: { isTerminal, columns: 20, write } }
  }

  it('is silent in the first second, fits its line, and leaves nothing behind', () => {
    let nowMs = 0
    const { written, screen } = screenOf(true)
    const progress = createProgress(screen, () => nowMs)
    nowMs = 900
    progress.show('early')
    expect(written).toEqual([])
    nowMs = 1_500
    progress.show('importing \u001b[2J a file with a long name')
    expect(written.at(-1)).toBe('\rimporting \\u001b[2…\u001b[K')
    progress.end()
    expect(written.at(-1)).toBe('\r\u001b[K')
  })

  it('says nothing where nobody looks', () => {
    let nowMs = 0
    const { written, screen } = screenOf(false)
    const progress = createProgress(screen, () => nowMs)
    nowMs = 5_000
    progress.show('working')
    progress.end()
    expect(written).toEqual([])
  })
})
