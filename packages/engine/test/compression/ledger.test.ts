import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSalient, mergeLedgers, takeLedger } from '../../src/ledger.js'
import { conversation, said } from './conversation.js'

function found(content: string, role: 'user' | 'tool_result' = 'user'): string[] {
  return takeLedger([said(role, content)]).map((specific) => `${specific.class}: ${specific.text}`)
}

describe('takeLedger', () => {
  it.each([
    ['Look at src/orders/import.ts, please.', 'path: src/orders/import.ts'],
    ['in /etc/nginx/nginx.conf:12 it says', 'path: /etc/nginx/nginx.conf'],
    ['see C:\\Users\\ada\\notes.txt', 'path: C:\\Users\\ada\\notes.txt'],
    ['see ~/.config/arawn.toml.', 'path: ~/.config/arawn.toml'],
    ['请看src/应用.ts文件和README.md。', 'path: README.md'],
    ['open (https://example.org/a_(b)?q=1&r=2), then', 'url: https://example.org/a_(b)?q=1&r=2'],
    ['clone git@github.com:ada/engine.git now', 'url: git@github.com:ada/engine.git'],
    ['it listens on localhost:8080.', 'url: localhost:8080'],
    ['commit 9dd68eafe1', 'identifier: 9dd68eafe1'],
    ['id 258c7280-ae70-4798-800f-63464d01a85d', 'identifier: 258c7280-ae70-4798-800f-63464d01a85d'],
    ['call takeLedger() with max_history', 'identifier: takeLedger'],
    ['call takeLedger() with max_history', 'identifier: max_history'],
    ['set ARAWN_TEST_DATA and OPS-4211', 'identifier: OPS-4211'],
    ['the field `cargo` is empty', 'identifier: cargo'],
    ['run `pnpm test --watch` then', 'command: pnpm test --watch'],
    ['```sh\ngit push --force | tail\n```', 'command: git push --force'],
    ['it took 12.5 seconds', 'number: 12.5 seconds'],
    ['at 350ms or 45% of', 'number: 350ms'],
    ['version 1.24.3 of it', 'number: 1.24.3'],
    ['due 2026-03-01T10:00:00Z', 'date: 2026-03-01'],
    ['due March 3rd, 2026', 'date: March 3rd, 2026'],
    ['am 3. März 2026 fertig', 'date: 3. März 2026'],
    ['期限は2026年3月1日です', 'date: 2026年3月1日'],
    ['I spoke with Grace Hopper about it', 'name: Grace Hopper'],
    ['ask @ada-l about it', 'name: @ada-l'],
    ['write to ada@example.org', 'name: ada@example.org'],
    ['it says ENOENT', 'error: ENOENT'],
    ['TypeError: x is not a function', 'error: TypeError: x is not a function'],
    ['error[E0308]: mismatched types', 'error: error[E0308]: mismatched types'],
    ['We decided to keep SQLite. Good.', 'decision: We decided to keep SQLite.'],
    ['Wir nehmen PostgreSQL, weil es schon läuft.', 'decision: Wir nehmen PostgreSQL, weil es schon läuft.'],
    ['我们决定使用PostgreSQL。', 'decision: 我们决定使用PostgreSQL。'],
    ['SQLiteではなくPostgreSQLを使うことにした。', 'decision: SQLiteではなくPostgreSQLを使うことにした。'],
  ])('finds in %j the %s', (text, wanted) => {
    expect(found(text)).toContain(wanted)
  })

  it.each([
    'this and/or that',
    'yes/no',
    'Glob/Grep/Read',
    'well-known up-to-date words',
    'e.g. this',
    '1/2',
    '...',
    '-->',
  ])('finds nothing in %j', (text) => {
    expect(found(text)).toEqual([])
  })

  it.each([
    'sk-ant-api03-abcDEF123456789',
    `ghp_${'a1'.repeat(18)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  ])('leaves out the key %s', (secret) => {
    expect(found(`the key is ${secret}, keep it`)).toEqual([])
  })

  it('asks no question for a decision', () => {
    expect(found('Should we use SQLite instead of files?')).toEqual([])
  })

  it('reads the arguments of a tool call, and its text only when there are none', () => {
    const call = said('tool_use', '{"path":"a/b.ts"}', 1, {
      tool_name: 'shell',
      arguments: {
        command: 'cd x && git status 2>&1 | tail -3; cargo test -p core',
        nested: [{ file: 'lib/deep.rs' }],
      },
    })
    const texts = takeLedger([call]).map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['git status', 'cargo test -p core', 'lib/deep.rs']))
    expect(texts).not.toContain('a/b.ts')
    expect(takeLedger([said('tool_use', '{"path":"a/b.ts"}')]).map(({ text }) => text)).toEqual(['a/b.ts'])
  })

  it('counts messages, not mentions, and knows the first', () => {
    const messages = [said('user', 'a.ts a.ts', 3), said('assistant', 'b.ts', 5), said('tool_result', 'a.ts', 9)]
    expect(takeLedger(messages)).toEqual([
      { class: 'path', text: 'a.ts', sequence: 3, mentions: 2 },
      { class: 'path', text: 'b.ts', sequence: 5, mentions: 1 },
    ])
  })

  it('puts first what recurs or stands in decisions and errors', () => {
    const ledger = takeLedger(conversation(12))
    const firstPlain = ledger.findIndex((specific) => !isSalient(specific))
    expect(firstPlain).toBeGreaterThan(0)
    expect(ledger.slice(firstPlain).some(isSalient)).toBe(false)
    expect(ledger.find(({ text }) => text === 'src/orders/import-3.ts')).toMatchObject({ mentions: 2, stressed: true })
  })

  it('is read through any text, all of it on one line and none longer than a record may hold', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('user', 'tool_result', 'tool_use', 'assistant'),
            fc.string({ unit: 'binary', maxLength: 400 }),
          ),
        ),
        (list) => {
          const messages = list.map(([role, content], index) => said(role as 'user', content, index + 1))
          for (const { text, mentions, sequence } of takeLedger(messages)) {
            expect(text).not.toMatch(/\n/)
            expect(text.length).toBeGreaterThan(0)
            expect(text.length).toBeLessThanOrEqual(500)
            expect(mentions).toBeLessThanOrEqual(messages.length)
            expect(sequence).toBeGreaterThan(0)
          }
        },
      ),
    )
  })

  it('merges the ledgers of two halves to that of the whole', () => {
    const whole = conversation(9)
    for (const at of [1, 7, 20]) {
      expect(mergeLedgers([takeLedger(whole.slice(0, at)), takeLedger(whole.slice(at))])).toEqual(takeLedger(whole))
    }
  })
})

describe('a megabyte that somebody thought up', () => {
  const million = 1_000_000
  it.each([
    ['a'.repeat(million), 'one letter'],
    ['/'.repeat(million), 'slashes'],
    ['a/'.repeat(million / 2), 'folders'],
    ['.'.repeat(million), 'dots'],
    ['a.'.repeat(million / 2), 'dotted names'],
    ['a-1.'.repeat(million / 4), 'dashes'],
    ['`'.repeat(million), 'backticks'],
    ['https://'.repeat(million / 8), 'schemes'],
    [`https://${'('.repeat(million)}`, 'brackets'],
    ['A b '.repeat(million / 4), 'capitals'],
    ['Aa Aa '.repeat(million / 6), 'names'],
    ['error '.repeat(million / 6), 'errors'],
    ['Error: '.repeat(million / 7), 'errors with colons'],
    [' '.repeat(million), 'blanks'],
    ['\n'.repeat(million), 'empty lines'],
    ['decided to '.repeat(million / 11), 'decisions'],
    ['決定'.repeat(million / 2), 'decisions without blanks'],
    ['```\n'.repeat(million / 4), 'fences'],
    ['$ "'.repeat(million / 3), 'quotes'],
    ['@a'.repeat(million / 2), 'handles'],
    ['\u001b['.repeat(million / 2), 'escapes'],
    ['1,'.repeat(million / 2), 'numbers'],
    ['\ud800'.repeat(million / 2), 'half letters'],
    ['田'.repeat(million / 2), 'honorifics'],
    ['_a'.repeat(million / 2), 'underlines'],
    ['&& '.repeat(million / 3), 'commands'],
  ])('is read in no time: %#', (text) => {
    for (const message of [
      said('user', text),
      said('tool_result', text, 1, { is_error: true }),
      said('tool_use', '', 1, { arguments: { command: text } }),
    ]) {
      // Processor time, so that a busy machine changes nothing.
      const started = process.cpuUsage()
      takeLedger([message])
      expect(process.cpuUsage(started).user / 1_000).toBeLessThan(5_000)
    }
  })
})
