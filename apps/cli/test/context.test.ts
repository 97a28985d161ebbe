import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { records, withoutProvider, withProvider } from './chat-models.js'
import type { Cli } from './run-cli.js'

/** Two sessions of six messages, far apart. */
async function withConversation(cli: Cli): Promise<void> {
  const lines = [2, 3].flatMap((day) =>
    [0, 1, 2].flatMap((minute) => [
      {
        role: 'user',
        content: `On day ${day} we decided to use port ${4000 + minute} for the tide service in src/tide.ts. ${'It has to stay reachable from the harbour office at all times. '.repeat(8)}`,
        at: [day, minute, 0],
      },
      {
        role: 'assistant',
        content: `Noted: port ${4000 + minute}, in src/tide.ts. ${'The harbour office can reach it at all times from now on. '.repeat(8)}`,
        at: [day, minute, 30],
      },
    ]),
  )
  const text = lines.map(({ role, content, at: [day, minute, second] }) => {
    const two = (value = 0) => String(value).padStart(2, '0')
    return `${JSON.stringify({ role, content, timestamp: `2026-03-${two(day)}T09:${two(minute)}:${two(second)}.000Z` })}\n`
  })
  writeFileSync(join(cli.dir, 'talk.jsonl'), text.join(''))
  expect((await cli('import', 'talk.jsonl', '--title', 'Tides')).code).toBe(0)
}

const SUMMARY = `## Objective
- Keep the tide service reachable from the harbour office.

## Decisions and reasons
- Ports 4000, 4001 and 4002 in src/tide.ts, so that the harbour office reaches it on day 2 and day 3.

## Facts
- The tide service lives in src/tide.ts.`

describe('arawn context', () => {
  it('has a bar for each part, and a sum', async () => {
    const cli = withoutProvider()
    await withConversation(cli)
    const { code, out } = await cli('context', 'tides', '--message', 'and now?')
    expect(code).toBe(0)
    expect(out).toMatch(/^instructions +[█░]{20} +\d+ +\d+\.\d %$/m)
    expect(out).toMatch(/^recent messages .* {2}messages 1-12$/m)
    expect(out).toMatch(/^this turn .* {2}message 13$/m)
    expect(out).toMatch(/^sent .* of [\d,]+ tokens that fit\noffline\/offline, a window of 1,000,000 tokens/m)
    const narrow = await cli.with({ columns: 60 }, 'context', 'tides')
    expect(
      Math.max(
        ...narrow.out
          .split('\n')
          .slice(0, 4)
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(60)
  })

  it('says why, and what is left out', async () => {
    const { cli } = await withProvider('openai-compatible', [])
    await withConversation(cli)
    const explained = await cli.with({ env: { TEST_KEY: 'x' } }, 'context', 'tides', '--explain')
    expect(explained.out).toContain('\nrecent messages\n  ')
    const json = await cli.with({ env: { TEST_KEY: 'x' } }, 'context', 'tides', '--json', '--model', 'second')
    expect(JSON.parse(json.out)).toMatchObject({
      model: 'second/model-two',
      parts: expect.any(Array),
      tokens: expect.any(Number),
    })
  })

  it('needs a message where nothing was said, and shows what is summarized', async () => {
    const cli = withoutProvider()
    await cli('workstream', 'create', 'Empty')
    expect((await cli('context', 'empty')).code).toBe(2)
    await withConversation(cli)
    await cli('compress', 'tides')
    const { code, out } = await cli('context', 'tides')
    expect(code).toBe(0)
    expect(out).toMatch(/^(session|workstream) summary .* {2}messages 1-12$/m)
  })
})

describe('arawn compress, summary and facts', () => {
  it('summarizes by code what there is, and says what became of it', async () => {
    const cli = withoutProvider()
    await withConversation(cli)
    expect((await cli('summary', 'tides')).out).toContain('No summaries yet')
    const planned = await cli('compress', 'tides', '--dry-run')
    expect(planned.out.match(/^session ses_\w+, 6 messages \(\d+-\d+\), manual$/gm)).toHaveLength(2)
    expect((await cli('summary', 'tides', '--json')).out).toBe('')
    const { code, out } = await cli('compress', 'tides')
    expect(code).toBe(0)
    expect(out).toMatch(
      /^session ses_\w+, 6 messages \(1-6\), manual, [\d,]+ -> [\d,]+ tokens, keeps \d+ of \d+, by code$/m,
    )
    expect((await cli('compress', 'tides')).out).toBe('Nothing to summarize.\n')
    expect((await cli('summary', 'tides', '--receipts')).out).toMatch(/keeps \d+ of \d+, by code\n {2}\S/)
    const all = records((await cli('summary', 'tides', '--all', '--json')).out)
    expect(all.length).toBeGreaterThanOrEqual(2)
    const session = all.find(({ session_id }) => session_id !== null).session_id
    expect(records((await cli('summary', 'tides', '--all', '--json', '--session', session)).out)).toMatchObject([
      { session_id: session },
    ])
    expect((await cli('facts', 'tides')).out).toContain('No facts yet')
    expect((await cli('doctor')).code).toBe(0)
  })

  it('does so in all workstreams, or in the one that is named', async () => {
    const cli = withoutProvider()
    await withConversation(cli)
    await cli('send', 'hi')
    expect((await cli('compress')).code).toBe(2)
    expect((await cli('compress', 'tides', '--all')).code).toBe(2)
    expect((await cli('compress', 'tides', '--session', 'ses_nope')).code).toBe(3)
    expect((await cli('summary', 'tides', '--session', 'ses_nope')).code).toBe(3)
    const reports = records((await cli('compress', '--all', '--json')).out)
    expect(reports.map(({ made }) => made.length > 0).sort()).toEqual([false, true])
  })

  it('can be done by a model, whose facts last', async () => {
    const { cli, scripted } = await withProvider('openai-compatible', () => ({ text: [SUMMARY] }))
    await withConversation(cli)
    const { code, out } = await cli.with({ env: { TEST_KEY: 'x' } }, 'compress', 'tides', '--model', 'second')
    expect(code).toBe(0)
    expect(scripted.requests[0]?.body.model).toBe('model-two')
    expect(out).toMatch(/^session .*, second\/model-two$/m)
    expect((await cli('facts', 'tides')).out).toBe('- The tide service lives in src/tide.ts.\n')
  })
})

describe('what a model costs', () => {
  const usage = { input_tokens: 2_000, cached_input_tokens: 500, output_tokens: 300 }
  const prices = `price_input_per_million = 3
price_cached_input_per_million = 0.3
price_output_per_million = 15`
  // (1,500 * 3 + 500 * 0.3 + 300 * 15) / 1,000,000
  const cost = 0.00915

  it('stands in the log, to the last digit, and is shown with the receipts', async () => {
    const { cli, chat } = await withProvider('anthropic', () => ({ text: [SUMMARY], usage }), prices)
    await withConversation(cli)
    expect((await cli.with({ env: { TEST_KEY: 'x' } }, 'compress', 'tides', '--model', 'first')).code).toBe(0)
    expect((await chat({}, '-w', 'tides', '-m', 'And now?')).code).toBe(0)
    const [id] = readdirSync(join(cli.dataDir, 'workstreams')).filter((name) => name.startsWith('ws_'))
    const lines = records(readFileSync(join(cli.dataDir, 'workstreams', id ?? '', 'sessions.jsonl'), 'utf8'))
    const summaries = lines.filter(({ type }) => type === 'session_summarized')
    expect(summaries.map(({ receipt }) => receipt.cost_usd)).toEqual([cost, cost])
    expect(lines.at(-1)).toMatchObject({ type: 'turn_ended', cost_usd: cost })
    expect((await cli('summary', 'tides', '--all', '--receipts')).out).toMatch(/^session .*, \$0\.00915\b/m)
  })

  it('is not told of a profile without prices', async () => {
    const { cli, scripted } = await withProvider('openai-compatible', () => ({ text: [SUMMARY], usage }))
    await withConversation(cli)
    const { out } = await cli.with({ env: { TEST_KEY: 'x' } }, 'compress', 'tides', '--model', 'first')
    expect(scripted.requests.length).toBeGreaterThan(0)
    expect(out).toContain('model-one')
    expect(out).not.toContain('$')
  })
})

describe('arawn models', () => {
  it('lists what can be asked, and what is missing', async () => {
    const { cli } = await withProvider('anthropic', [])
    const { out } = await cli('models')
    expect(out).toMatch(/^first +anthropic +model-one +default +TEST_KEY is not set$/m)
    const [first, second] = records((await cli.with({ env: { TEST_KEY: 'x' } }, 'models', '--json')).out)
    expect([first, second]).toMatchObject([
      { profile: 'first', isDefault: true, problem: null },
      { profile: 'second', isDefault: false },
    ])
  })
})
