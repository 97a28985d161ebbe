import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMessageSchema } from '@arawn/core/message'
import { sessionSchema } from '@arawn/core/session'
import { describe, expect, it } from 'vitest'
import { makeCli } from './run-cli.js'

describe('arawn send, push and history', () => {
  it('sends to scratch when nothing is named, and reads it back', async () => {
    const cli = makeCli()
    expect(await cli('send', 'remember the milk')).toMatchObject({
      code: 0,
      out: expect.stringContaining('of scratch'),
    })
    const { out } = await cli('history', 'scratch', '--json')
    expect(readMessageSchema.parse(JSON.parse(out))).toMatchObject({
      role: 'user',
      content: 'remember the milk',
      sequence: 1,
    })
    expect((await cli('history', 'scratch')).out).toMatch(/^1 {2}20.*Z {2}user\n {2}remember the milk\n/)
  })

  it('does a thing once for each key, and prints the first answer each time', async () => {
    const cli = makeCli()
    const made = await cli('workstream', 'create', 'Notes', '--idempotency-key', 'k', '--json')
    expect(await cli('workstream', 'create', 'Notes', '--idempotency-key', 'k', '--json')).toEqual(made)
    for (const command of [
      ['send', '-w', 'notes'],
      ['push', 'notes'],
    ]) {
      const once = [...command, 'hello', '--idempotency-key', command[0] ?? '', '--json']
      const sent = JSON.parse((await cli(...once)).out)
      expect(JSON.parse((await cli(...once)).out)).toEqual(sent)
    }
    expect((await cli('history', 'notes', '--json')).out.trim().split('\n')).toHaveLength(2)
    const refused = await cli('send', '-w', 'notes', 'other', '--idempotency-key', 'send')
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('another request') })
  })

  it('moves messages out of scratch, and shows them there when asked', async () => {
    const cli = makeCli()
    for (const text of ['one', 'two', 'three']) await cli('send', text)
    expect(await cli('promote', '--messages', '2..3', '--title', 'Kept')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^moved 2 messages to ws_\S+ {2}Kept\n$/),
    })
    const said = async (...args: string[]) =>
      (await cli('history', ...args, '--json')).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).content)
    expect(await said('kept')).toEqual(['two', 'three'])
    expect(await said('scratch')).toEqual(['one'])
    expect(await said('scratch', '--include-promoted', '--all')).toEqual(['one', 'two', 'three'])
    expect(await cli('promote', '--into', 'kept', '--json')).toMatchObject({ code: 0 })
    expect(await cli('promote', '--into', 'kept')).toMatchObject({ code: 4, err: expect.stringContaining('active') })
    expect(await cli('promote', '--messages', '2-3', '--title', 'x')).toMatchObject({ code: 2 })
    expect(await cli('promote')).toMatchObject({ code: 2 })
  })

  it('takes the text from standard input, byte for byte', async () => {
    const cli = makeCli()
    const text = 'line one\n\tline two: "quoted" ünï 🦊 \\n'
    await cli.with({ stdin: `${text}\n` }, 'send')
    await cli.with({ stdin: text }, 'push', 'scratch', '-', '--author', 'nightly')
    const messages = (await cli('history', 'scratch', '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(messages.map(({ role, content, author }) => [role, content, author])).toEqual([
      ['user', text, undefined],
      ['agent_push', text, 'nightly'],
    ])
  })

  it('pages backwards, forwards, around and through all', async () => {
    const cli = makeCli()
    const ids: string[] = []
    for (let n = 1; n <= 7; n++) ids.push(JSON.parse((await cli('send', `m${n}`, '--json')).out).id)
    const contents = async (...args: string[]) =>
      (await cli('history', 'scratch', '--json', ...args)).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).content)
    expect(await contents('--limit', '2')).toEqual(['m6', 'm7'])
    expect(await contents('--limit', '2', '--before', ids[5] ?? '')).toEqual(['m4', 'm5'])
    expect(await contents('--limit', '2', '--after', '2')).toEqual(['m3', 'm4'])
    expect(await contents('--limit', '3', '--around', ids[3] ?? '')).toEqual(['m3', 'm4', 'm5'])
    expect(await contents('--all')).toHaveLength(7)
  })

  it('ends sessions and lists them', async () => {
    const cli = makeCli()
    await cli('send', 'one')
    const ended = sessionSchema.parse(JSON.parse((await cli('session', 'end', 'scratch', '--json')).out))
    expect(ended).toMatchObject({ status: 'ended', reason: 'requested', message_count: 1, turn_count: 1 })
    await cli('send', 'two')
    const listed = (await cli('session', 'list', 'scratch', '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(listed.map(({ status }) => status)).toEqual(['active', 'ended'])
    expect((await cli('session', 'end', 'scratch', ended.id)).code).toBe(4)
    expect((await cli('session', 'end', 'scratch', 'ses_none')).code).toBe(3)
  })

  it.each([
    [['send', ' '], 'content: a user message says something'],
    [['send', 'half \ud800 a pair'], 'content: has half of a surrogate pair'],
    [['send', 'x', '--role', 'wizard'], '--role takes one of user'],
    [['history', 'scratch', '--limit', '0'], '--limit takes a whole number'],
    [['history', 'scratch', '--before', '1', '--after', '2'], 'only one of after, before and around'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const { code, err } = await makeCli()(...args)
    expect(code).toBe(2)
    expect(err).toContain(sentence)
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(2)
  })

  it('refuses nine megabytes and leaves no trace of them', async () => {
    const cli = makeCli()
    await cli('send', 'before')
    const log = join(cli.dataDir, 'workstreams/scratch/messages.jsonl')
    const bytes = readFileSync(log, 'utf8')
    const { code, err } = await cli.with({ stdin: 'x'.repeat(9 * 1024 * 1024) }, 'send')
    expect([code, err]).toEqual([2, expect.stringContaining('the limit is 8388608')])
    expect(readFileSync(log, 'utf8')).toBe(bytes)
  })

  it('says in a sentence that a data dir cannot be made', async () => {
    const cli = makeCli()
    writeFileSync(join(cli.dir, 'file'), '')
    const { code, err } = await cli('--data-dir', 'file/data', 'send', 'x')
    expect(code).toBe(6)
    expect(err).toMatch(/^arawn: /)
    expect(err).not.toMatch(/^\s+at /m)
  })

  it.skipIf(process.getuid?.() === 0)(
    'says that a data dir cannot be written (skipped for root, who may write whatever the permissions say)',
    async () => {
      const cli = makeCli()
      await cli('send', 'one')
      chmodSync(join(cli.dataDir, 'workstreams'), 0o555)
      try {
        expect((await cli('send', 'two', '-w', 'scratch')).code).toBe(6)
      } finally {
        chmodSync(join(cli.dataDir, 'workstreams'), 0o755)
      }
    },
  )

  it('goes on behind half a line that a crash has left', async () => {
    const cli = makeCli()
    await cli('send', 'one')
    appendFileSync(join(cli.dataDir, 'workstreams/scratch/messages.jsonl'), '{"v":1,"sta')
    await cli('send', 'two')
    const lines = readFileSync(join(cli.dataDir, 'workstreams/scratch/messages.jsonl'), 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).content)).toEqual(['one', 'two'])
    expect((await cli('doctor')).out).toContain('11 bytes of an unfinished line')
  })
})
