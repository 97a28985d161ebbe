import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSections } from '../../src/compression/sections.js'
import { extractSummary } from '../../src/extract-summary.js'
import { type SourceMessage, takeLedger } from '../../src/ledger.js'
import { renderLedger, renderWithLedger } from '../../src/render-ledger.js'
import { measureRetention } from '../../src/retention.js'
import { conversation, said } from './conversation.js'
import { quarterCounter as counter } from './scripted-model.js'

const extract = (messages: readonly SourceMessage[], maxTokens: number, summaries: readonly string[] = []) =>
  extractSummary({ messages, summaries, ledger: takeLedger(messages), maxTokens, counter })

describe('extractSummary', () => {
  it('says what was wanted, decided and done, and what comes next', async () => {
    const messages = [
      said('user', 'Please move the orders to PostgreSQL.', 1),
      said(
        'assistant',
        'We decided to keep the ids instead of making new ones. The schema is written and all tests pass.',
        2,
      ),
      said('user', 'Great. Which port does it use?', 3),
      said(
        'assistant',
        'It listens on localhost:5433. Next: copy the rows of March. Shall I start with orders_2026?',
        4,
      ),
    ]
    const { summary } = await extract(messages, 300)
    const sections = readSections(summary)
    expect(sections.get('objective')).toContain('Please move the orders to PostgreSQL.')
    expect(sections.get('decisions')).toContain('We decided to keep the ids instead of making new ones.')
    expect(sections.get('done')?.join()).toContain('localhost:5433')
    expect(sections.get('next_step')?.join()).toContain('copy the rows of March')
    expect(sections.get('open_questions')?.join()).toContain('Shall I start with orders_2026?')
  })

  it('takes a request that nobody has answered for the next step', async () => {
    const { summary } = await extract([...conversation(2), said('user', 'Now remove the old importer.', 9)], 400)
    expect(readSections(summary).get('next_step')).toEqual(['Now remove the old importer.'])
  })

  it('works in languages without blanks', async () => {
    const messages = [
      said('user', '请把订单服务迁移到新的数据库。', 1),
      said('assistant', '我们决定使用批量写入。所有测试都通过了。', 2),
    ]
    const { summary } = await extract(messages, 200)
    expect(summary).toContain('请把订单服务迁移到新的数据库。')
    expect(summary).toContain('我们决定使用批量写入。')
  })

  it('leaves behind where older summaries say that work stood', async () => {
    const older = '## Objective\n- Faster imports\n\n## Next step\n- Write the schema of orders'
    const newer = '## Done\n- The schema of orders is written\n\n## Next step\n- Copy the rows'
    const { summary } = await extract([], 200, [older, newer])
    expect(summary).toContain('Faster imports')
    expect(summary).toContain('Copy the rows')
    expect(summary).not.toContain('Write the schema of orders')
  })

  it('keeps what it can of a conversation in which every turn decides something', async () => {
    const messages = conversation(120)
    const ledger = takeLedger(messages)
    const tokens = messages.reduce((sum, { content }) => sum + Math.ceil(content.length / 4), 0)
    const made = await extract(messages, Math.floor(tokens / 10))
    const { salientKept, salientOf } = measureRetention(ledger, renderWithLedger(made.summary, made.ledger))
    // Each turn has a decision of its own here: far more of them than a tenth can hold.
    expect(salientKept / salientOf).toBeGreaterThan(0.2)
  })

  it('stays within its budget, says only what was said, and is the same each time', async () => {
    const roles = fc.constantFrom('user', 'assistant', 'tool_result', 'agent_push')
    const words = fc
      .array(
        fc.constantFrom(
          'We decided to use src/a.ts instead of b_c. ',
          'Error: it failed\n',
          'What next? ',
          '- a point of 12 ms\n',
          '```\n',
          '决定了。',
          'All of it is done now. ',
          '## A heading\n',
          '| a | b |\n',
          'Ada Lovelace said so. ',
          '\n\n',
          'x',
          'see https://example.org/x (now). ',
        ),
        { maxLength: 12 },
      )
      .map((pieces) => pieces.join(''))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(roles, words), { maxLength: 40 }),
        fc.integer({ min: 0, max: 600 }),
        async (list, maxTokens) => {
          const messages = list.map(([role, content], index) => said(role as 'user', content, index + 1))
          const made = await extract(messages, maxTokens)
          const [tokens = 0] = await counter.count([renderWithLedger(made.summary, made.ledger)])
          expect(tokens).toBeLessThanOrEqual(maxTokens)
          expect(await extract(messages, maxTokens)).toEqual(made)
          for (const line of [...readSections(made.summary).values()].flat())
            expect(messages.some(({ content }) => content.includes(line))).toBe(true)
          const all = takeLedger(messages)
          for (const specific of made.ledger) expect(all).toContainEqual(specific)
        },
      ),
    )
  })

  it('takes ten thousand messages in a few seconds', async () => {
    const messages = conversation(2_500)
    const started = performance.now()
    await extract(messages, 2_000)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('renderLedger', () => {
  it('writes every entry letter by letter', () => {
    const ledger = takeLedger(conversation(30))
    expect(measureRetention(ledger, renderLedger(ledger)).dropped).toEqual([])
  })
})
