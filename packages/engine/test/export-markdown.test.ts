import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Message, Role } from '@arawn/core/message'
import type { Workstream } from '@arawn/core/workstream'
import { exportMarkdown } from '@arawn/engine/export-markdown'
import { parseConversations } from '@arawn/engine/import-format'
import { array, assert, asyncProperty, constantFrom, oneof, record, string } from 'fast-check'
import type { RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'

const workstream: Workstream = {
  id: 'rel',
  title: 'Release *notes* <2.0>',
  summary: null,
  is_scratch: false,
  state: 'active',
  default_model: null,
  tags: ['docs', 'a_b'],
  metadata: {},
  forked_from: null,
  created_at: '2026-03-10T11:59:00.000Z',
  updated_at: '2026-03-10T12:00:00.000Z',
  last_message_at: '2026-03-10T12:00:00.000Z',
  message_count: 2,
}

function said(sequence: number, content: string, more: Partial<Message> = {}): Message {
  return {
    v: 1,
    stamp: sequence,
    sequence,
    id: `msg_${sequence}`,
    session_id: 'ses_1',
    timestamp: '2026-03-10T12:00:05.000Z',
    role: 'user',
    content,
    ...more,
  }
}

const sessions = [
  { id: 'ses_1', started_at: '2026-03-10T12:00:00.000Z', ended_at: '2026-03-10T12:30:00.000Z' },
  { id: 'ses_2', started_at: '2026-03-10T23:00:00.000Z', ended_at: '2026-03-11T01:00:00.000Z' },
  { id: 'ses_3', started_at: '2026-03-12T01:00:00.000Z', ended_at: null },
]

async function page(messages: Message[], given: Partial<Workstream> = {}): Promise<string> {
  let text = ''
  for await (const piece of exportMarkdown({ workstream: { ...workstream, ...given }, sessions, messages }))
    text += piece
  return text
}

/** What was said, between its heading and the end of the page. */
const shown = async (content: string) => (await page([said(1, content)])).split(/^### .*\n\n/m)[1]

function blocks(markdown: string): RootContent[] {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children
}

describe('a page of Markdown', () => {
  it('has facts, sessions and messages', async () => {
    const messages = [
      said(1, 'What is in it?', { author: 'Ann_B' }),
      said(2, '## Two things\n\n1. this\n2. that', { role: 'assistant', timestamp: '2026-03-10T14:00:06+02:00' }),
      said(3, 'on Friday', { session_id: 'ses_2', role: 'agent_push', author: 'ci' }),
      said(4, 'late', { session_id: 'ses_1', role: 'system' }),
      said(5, 'now', { session_id: 'ses_3' }),
      said(6, 'new', { session_id: 'ses_9' }),
    ]
    expect(await page(messages)).toBe(`# Release \\*notes\\* \\<2.0\\>

- **Id:** \`rel\`
- **Tags:** docs, a\\_b
- **Created:** 2026-03-10 11:59:00 UTC
- **Messages:** 2

## Session 1: 2026-03-10 12:00 to 12:30 UTC

### User (Ann\\_B), 2026-03-10 12:00:05 UTC

> What is in it?

### Assistant, 2026-03-10 12:00:06 UTC

> ## Two things
>
> 1. this
> 2. that

## Session 2: 2026-03-10 23:00 to 2026-03-11 01:00 UTC

### Agent push (ci), 2026-03-10 12:00:05 UTC

> on Friday

## Session 1: 2026-03-10 12:00 to 12:30 UTC (continued)

### System, 2026-03-10 12:00:05 UTC

> late

## Session 3: since 2026-03-12 01:00 UTC

### User, 2026-03-10 12:00:05 UTC

> now

## Session 4

### User, 2026-03-10 12:00:05 UTC

> new
`)
  })

  it('asks for a message only when all before it is written', async () => {
    let asked = 0
    async function* messages() {
      for (;;) yield said(++asked, `number ${asked}`)
    }
    const pieces = exportMarkdown({ workstream, sessions, messages: messages() })
    for (let shown = 0; shown < 1_000; ) {
      const { value = '' } = await pieces.next()
      if (value.includes('> number')) expect(value).toContain(`> number ${++shown}\n`)
      expect(asked - shown).toBeLessThanOrEqual(1)
    }
    await pieces.return(undefined)
  })

  it('says of what it is a fork', async () => {
    const forked_from = { workstream_id: 'talk', message_id: 'msg_1' }
    expect(await page([], { forked_from })).toContain('- **Fork of:** `talk`\n')
  })

  it('folds tool calls and their results, in fences that nothing in them ends', async () => {
    const call = said(1, '{"command":"ls -la","n":[1]}', { role: 'tool_use', metadata: { tool_name: 'Bash' } })
    const result = said(2, 'a\n````\n</details>\n# b', {
      role: 'tool_result',
      metadata: { tool_name: 'Bash', is_error: true },
    })
    const text = await page([call, result], { title: null, tags: [], state: 'archived' })
    expect(text).toBe(`# (untitled)

- **Id:** \`rel\`
- **State:** archived
- **Created:** 2026-03-10 11:59:00 UTC
- **Messages:** 2

## Session 1: 2026-03-10 12:00 to 12:30 UTC

### Tool call: Bash, 2026-03-10 12:00:05 UTC

<details>
<summary>Input, 45 characters</summary>

\`\`\`json
{
  "command": "ls -la",
  "n": [
    1
  ]
}
\`\`\`

</details>

### Tool result: Bash, 2026-03-10 12:00:05 UTC

<details>
<summary>Error, 21 characters</summary>

\`\`\`\`\`
a
\`\`\`\`
</details>
# b
\`\`\`\`\`

</details>
`)
  })

  it('shows arguments as they are when another spelling would say something else', async () => {
    for (const content of ['{"n": 1}', '{"n":12345678901234567890}', '{"a":1,"a":2}'])
      expect(await page([said(1, content, { role: 'tool_use' })])).toContain(`\`\`\`json\n${content}\n\`\`\``)
  })

  it.each([
    ['a < b && c > d <3', '> a < b && c > d <3\n'],
    ['see <https://example.org>', '> see <https://example.org>\n'],
    ['write `<div>` or ``a ` <b>``', '> write `<div>` or ``a ` <b>``\n'],
    ['<!-- gone\nand more', '> \\<!-- gone\n> and more\n'],
    ['</blockquote><details>x', '> \\</blockquote>\\<details>x\n'],
    ['1. do\n\n   ```html\n   <b>\n   ```\n   <b>', '> 1. do\n>\n>    ```html\n>    <b>\n>    ```\n>    \\<b>\n'],
    [
      '- a\n\n      - b\n\n            ~~~\n            <i>',
      '> - a\n>\n>       - b\n>\n>             ~~~\n>             <i>\n',
    ],
    ['a\\<b>', '> a\\<b>\n'],
    ['a\\\\<b>', '> a\\\\\\<b>\n'],
    ['<pre>\n<b>x</b>\n</pre>', '> \\<pre>\n> \\<b>x\\</b>\n> \\</pre>\n'],
    ['---\ntitle: x\n---', '> ---\n> title: x\n> ---\n'],
  ])('keeps %j as it is, but for HTML', async (content, quoted) => {
    expect(await shown(content)).toBe(quoted)
  })

  it('shows HTML that does not end, or is too long to look into, as code', async () => {
    expect(await shown(`<b>${'x\n'.repeat(300_000)}`)).toMatch(/^> ```\n> <b>x\n/)
  })
})

// Pieces that mean something in Markdown, in any order.
const pieces = constantFrom(
  ...[
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    ' ',
    '    ',
    '\t',
    '`',
    '```',
    '````',
    '~~~',
    '```js\n',
    '<',
    '>',
    '> ',
    '<!--',
    '-->',
  ],
  ...['<b>', '</b>', '<div>\n', '</blockquote>', '</details>', '<details>', '<script>', '<?', '<![CDATA[', '<a href="'],
  ...[
    '# ',
    '## x',
    '### User',
    '===',
    '---',
    '- ',
    '* ',
    '1. ',
    '2) ',
    '|',
    '|---|',
    '| a ',
    '[^1]: ',
    '[x]: /u "',
    ']',
  ],
  ...[
    '\\',
    '\\`',
    '\\<',
    '&lt;',
    '*',
    '**',
    '_',
    '$',
    '$$',
    '\u0000',
    '\u00a0',
    '\ufeff',
    '\u2028',
    '\ud800',
    'x',
    '"',
    "'",
  ],
)
const texts = array(oneof({ weight: 9, arbitrary: pieces }, string({ unit: 'binary' })), { maxLength: 30 }).map((all) =>
  all.join(''),
)
const anyMessage = record({
  role: constantFrom<Role>('user', 'assistant', 'system', 'tool_use', 'tool_result', 'agent_push'),
  content: texts,
  session_id: constantFrom('ses_1', 'ses_2', 'ses_3', 'ses_4'),
  timestamp: oneof(constantFrom('2026-03-10T12:00:05+02:00'), texts),
  author: oneof(constantFrom(undefined), texts),
  metadata: record({ tool_name: texts, is_error: constantFrom(true, false) }),
})

function expectStructure(markdown: string, messages: readonly Message[]): void {
  const parts = blocks(markdown)
  const depths = parts.flatMap((block) => (block.type === 'heading' ? [block.depth] : []))
  expect(depths.filter((depth) => depth === 1)).toHaveLength(1)
  expect(depths.filter((depth) => depth === 3)).toHaveLength(messages.length)
  const changes = messages.filter(({ session_id }, n) => session_id !== messages[n - 1]?.session_id)
  expect(depths.filter((depth) => depth === 2)).toHaveLength(changes.length)
  // What was said is quoted, folded or nothing; the only HTML is ours.
  const types = new Set(parts.slice(2).map(({ type }) => type))
  expect([...types].filter((type) => !['heading', 'blockquote', 'html', 'code'].includes(type))).toEqual([])
  const allowed = /^(<details>\n<summary>(Input|Output|Error), \d+ characters?<\/summary>|<\/details>)$/
  expect(htmlIn(parts).filter((html) => !allowed.test(html))).toEqual([])
  // A reader that knows nothing of Markdown counts the same outside of what tools said.
  if (messages.every(({ role }) => !role.startsWith('tool')))
    expect(markdown.split(/\r\n|\n|\r/).filter((line) => line.startsWith('### '))).toHaveLength(messages.length)
}

function htmlIn(nodes: readonly RootContent[]): string[] {
  return nodes.flatMap((node) => {
    if (node.type === 'html') return [node.value]
    return 'children' in node ? htmlIn(node.children) : []
  })
}

describe('the structure of a page', () => {
  it('holds whatever anybody says', async () => {
    const anything = asyncProperty(
      array(anyMessage, { maxLength: 6 }),
      texts,
      array(texts, { maxLength: 3 }),
      async (all, title, tags) => {
        const messages = all.map(({ content, ...more }, n) => said(n + 1, content, more))
        expectStructure(await page(messages, { title, tags }), messages)
      },
    )
    await assert(anything, { numRuns: 300 })
  })
})

const data = process.env.ARAWN_TEST_DATA

describe.skipIf(data === undefined)('real transcripts (skipped unless ARAWN_TEST_DATA names their folder)', () => {
  it('become pages that can be read back', async () => {
    const folder = join(data ?? '', 'claude-code')
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8')
      for (const conversation of parseConversations({ format: 'claude-code', text, location: name })) {
        const messages = conversation.messages.map(({ key: _, timestamp, ...message }, n) =>
          said(n + 1, '', { timestamp: timestamp ?? workstream.created_at, ...message }),
        )
        expect(messages.length).toBeGreaterThan(10)
        expectStructure(await page(messages), messages)
      }
    }
  })
})
