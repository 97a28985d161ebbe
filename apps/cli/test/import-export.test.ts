import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeCli } from './run-cli.js'

const line = (role: string, content: string, timestamp: string) => `${JSON.stringify({ role, content, timestamp })}\n`
const conversation =
  line('user', 'first day', '2026-03-02T09:00:00.000Z') +
  line('assistant', 'noted', '2026-03-02T09:00:10.000Z') +
  line('user', 'second day', '2026-03-03T09:00:00.000Z')

describe('arawn import and export', () => {
  it('takes a file in once, then only what is new in it', async () => {
    const cli = makeCli()
    const file = join(cli.dir, 'talk.jsonl')
    writeFileSync(file, conversation)
    const first = JSON.parse((await cli('import', 'talk.jsonl', '--json')).out)
    expect(first).toMatchObject({ created: true, added: 3, alreadyThere: 0, sessions: 2, format: 'jsonl' })
    writeFileSync(file, conversation + line('assistant', 'more', '2026-03-03T09:00:30.000Z'))
    const second = JSON.parse((await cli('import', file, '--json')).out)
    expect(second).toMatchObject({ created: false, added: 1, alreadyThere: 3, sessions: 0 })
    expect(second.workstream.id).toBe(first.workstream.id)
    expect((await cli('import', file)).out).toContain('0 messages added')
  })

  it('takes what it can from a folder and says what it cannot', async () => {
    const cli = makeCli()
    mkdirSync(join(cli.dir, 'talks'))
    writeFileSync(join(cli.dir, 'talks/a.jsonl'), conversation)
    writeFileSync(join(cli.dir, 'talks/b.jsonl'), 'no conversation\n')
    writeFileSync(
      join(cli.dir, 'talks/c.jsonl'),
      `${JSON.stringify({ messages: [{ role: 'user', content: 'hi' }] })}\n`,
    )
    const { code, out, err } = await cli('import', 'talks')
    expect(code).toBe(2)
    expect(out).toContain('a.jsonl: 3 messages added')
    expect(out).toContain('c.jsonl: 1 message added')
    expect(err).toContain('b.jsonl')
  })

  it('passes over files of a folder that hold no message, and says how many', async () => {
    const cli = makeCli()
    mkdirSync(join(cli.dir, 'talks'))
    writeFileSync(join(cli.dir, 'talks/a.jsonl'), conversation)
    writeFileSync(join(cli.dir, 'talks/b.jsonl'), '\n')
    writeFileSync(join(cli.dir, 'talks/c.jsonl'), '{"type":"summary","summary":"Bridges","leafUuid":"1"}\n')
    const { code, out } = await cli('import', 'talks')
    expect(code).toBe(0)
    expect(out).toContain('2 files without a message passed over')
    expect((await cli('import', 'talks/c.jsonl')).code).toBe(2)
  })

  it('restores a native export byte for byte', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', 'Talk', '--id', 'talk')
    await cli('send', '-w', 'talk', 'one')
    writeFileSync(join(cli.dataDir, 'workstreams/talk/messages.jsonl'), 'not json\r\n\u0000\n', { flag: 'a' })
    await cli('send', '-w', 'talk', 'two')
    expect((await cli('export', 'talk', '-o', 'talk.arawn')).code).toBe(0)
    expect((await cli('export', 'talk', '-o', 'talk.arawn')).code).toBe(4)
    expect((await cli('--data-dir', 'other', 'import', 'talk.arawn')).out).toContain('restored talk')
    for (const log of ['workstream', 'sessions', 'messages'])
      expect(readFileSync(join(cli.dir, 'other/workstreams/talk', `${log}.jsonl`))).toEqual(
        readFileSync(join(cli.dataDir, 'workstreams/talk', `${log}.jsonl`)),
      )
    expect((await cli('--data-dir', 'other', 'doctor')).code).toBe(0)
    expect((await cli('--data-dir', 'other', 'import', 'talk.arawn')).code).toBe(4)
  })

  it('refuses a native export that was changed, before anything is written', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', 'Talk', '--id', 'talk')
    const bytes = (await cli('export', 'talk')).out
    writeFileSync(join(cli.dir, 'changed'), bytes.replace('"Talk"', '"Tall"'))
    writeFileSync(join(cli.dir, 'short'), bytes.slice(0, -1))
    for (const file of ['changed', 'short']) expect((await cli('--data-dir', 'other', 'import', file)).code).toBe(2)
    expect(readdirSync(join(cli.dir, 'other/workstreams')).filter((name) => !name.startsWith('.'))).toEqual([])
  })

  it('writes a page of Markdown with every session and message', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', 'Talk', '--id', 'talk', '--tag', 'docs')
    await cli('send', '-w', 'talk', '# one\n<!-- and')
    await cli('session', 'end', 'talk')
    await cli('send', '-w', 'talk', '--role', 'tool_result', '{"a": 1}')
    const { code, out } = await cli('export', 'talk', '--format', 'markdown')
    expect(code).toBe(0)
    expect(out.replace(/\d{4}-\d\d-\d\d/g, 'DAY').replace(/\d\d:\d\d(:\d\d)?/g, 'TIME')).toBe(`# Talk

- **Id:** \`talk\`
- **Tags:** docs
- **Created:** DAY TIME UTC
- **Messages:** 2

## Session 1: DAY TIME to TIME UTC

### User, DAY TIME UTC

> # one
> \\<!-- and

## Session 2: since DAY TIME UTC

### Tool result, DAY TIME UTC

<details>
<summary>Output, 8 characters</summary>

\`\`\`json
{"a": 1}
\`\`\`

</details>
`)
    expect(await cli('export', 'talk', '--format', 'markdown', '-o', 'talk.md')).toMatchObject({ code: 0 })
    expect(readFileSync(join(cli.dir, 'talk.md'), 'utf8')).toBe(out)
    expect(await cli('export', 'nothing', '--format', 'markdown')).toMatchObject({ code: 3, out: '' })
  })

  it('leaves out of a page what was moved elsewhere, and has it there', async () => {
    const cli = makeCli()
    for (const text of ['one', 'two', 'three']) await cli('send', text)
    await cli('promote', '--messages', '2..2', '--title', 'Moved')
    const quotes = async (ref: string) => (await cli('export', ref, '--format', 'markdown')).out.match(/^> .*/gm)
    expect(await quotes('scratch')).toEqual(['> one', '> three'])
    expect(await quotes('moved')).toEqual(['> two'])
    await cli('workstream', 'fork', 'moved', '--id', 'copy')
    expect(await quotes('copy')).toEqual(['> two'])
  })

  it('gives the same chat JSONL after export, import and export', async () => {
    const cli = makeCli()
    writeFileSync(join(cli.dir, 'talk.jsonl'), conversation)
    const { id } = JSON.parse((await cli('import', 'talk.jsonl', '--json')).out).workstream
    const { out } = await cli('export', id, '--format', 'openai')
    expect(JSON.parse(out).messages).toHaveLength(3)
    writeFileSync(join(cli.dir, 'chat.jsonl'), out)
    const again = JSON.parse((await cli('import', 'chat.jsonl', '--json')).out).workstream.id
    expect((await cli('export', again, '--format', 'openai')).out).toBe(out)
  })
})

const data = process.env.ARAWN_TEST_DATA

describe.skipIf(data === undefined)(
  'real Claude Code transcripts (skipped unless ARAWN_TEST_DATA names their folder)',
  () => {
    it('are taken in, survive the loss of the index, and come in only once', async () => {
      const cli = makeCli()
      const folder = join(data ?? '', 'claude-code')
      const reports = async () =>
        (await cli('import', folder, '--json')).out
          .trim()
          .split('\n')
          .map((text) => JSON.parse(text))
      const first = await reports()
      expect(first.length).toBe(readdirSync(folder).length)
      for (const { added, format, skipped } of first) {
        expect(format).toBe('claude-code')
        expect(added).toBeGreaterThan(10)
        expect(skipped.progress).toBeGreaterThan(0)
      }
      const before = (await cli('workstream', 'list', '--json')).out
      rmSync(join(cli.dataDir, 'index.db'))
      expect((await cli('workstream', 'list', '--json')).out).toBe(before)
      for (const { added, created } of await reports()) expect([added, created]).toEqual([0, false])
      expect(await cli('doctor')).toMatchObject({ code: 0, out: expect.stringContaining('All is well.') })
    })
  },
)
