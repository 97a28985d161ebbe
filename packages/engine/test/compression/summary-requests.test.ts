import { createHash } from 'node:crypto'
import type { BatchAnswer } from '@arawn/core/model-batches'
import { describe, expect, it } from 'vitest'
import { createAnsweredModel, requestId } from '../../src/answered-model.js'
import { summarizeWithModel } from '../../src/summarize-with-model.js'
import { summaryRequests } from '../../src/summary-requests.js'
import { conversation } from './conversation.js'
import { quarterCounter, scriptedModel } from './scripted-model.js'

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const good = (n: number) =>
  `## Objective\n- Faster imports, part ${n} of them\n\n## Done\n- The tests of part ${n} pass\n`

const common = { maxTokens: 900, counter: quarterCounter }

describe('what a model is asked first', () => {
  it.each([3, 12, 60])('is what it is asked for a summary of %d turns, whole or in parts', async (turns) => {
    const inputs = { kind: 'session', messages: conversation(turns) } as const
    for (const windowTokens of [100_000, 6_000]) {
      const model = { ...scriptedModel(() => good(1)), windowTokens }
      const rendered = await summaryRequests({ ...common, model, inputs })
      expect(rendered.length).toBeGreaterThan(0)
      const asked = scriptedModel((_, call) => good(call))
      await summarizeWithModel({
        ...common,
        model: { ...asked, windowTokens },
        inputs,
        key: 'k',
        retentionTarget: 0,
      })
      const first = asked.requests.slice(0, rendered.length).map(({ signal: _, ...request }) => request)
      expect(rendered).toEqual(first)
      if (turns === 60 && windowTokens === 6_000) expect(rendered.length).toBeGreaterThan(2)
    }
  })

  it('is nothing where no model is asked', async () => {
    const model = scriptedModel(() => good(1))
    const only = { id: 'sum_1', summary: 'It is done.', ledger: [], facts: [] }
    const inputs = { kind: 'workstream', summaries: [only] } as const
    expect(await summaryRequests({ ...common, model, inputs })).toEqual([])
    const hm = {
      kind: 'session',
      messages: conversation(1)
        .slice(0, 1)
        .map((one) => ({ ...one, content: 'hm' })),
    } as const
    expect(await summaryRequests({ ...common, model, inputs: hm })).toEqual([])
  })
})

describe('a model that has answered already', () => {
  it('gives the same summary without being asked, and is asked for what it has not answered', async () => {
    const inputs = { kind: 'session', messages: conversation(60) } as const
    const windowTokens = 6_000
    const asked = scriptedModel((_, call) => good(call))
    const request = { ...common, inputs, key: 'k', retentionTarget: 0 }
    const directly = await summarizeWithModel({ ...request, model: { ...asked, windowTokens } })

    const parts = await summaryRequests({ ...common, inputs, model: { ...asked, windowTokens } })
    const answers = new Map<string, BatchAnswer>(
      parts.map((part, n) => [requestId(part, hash), { text: good(n + 1), reason: 'stop', usage: {} }]),
    )
    const rest = scriptedModel((_, call) => good(parts.length + call))
    const model = createAnsweredModel({ ...rest, windowTokens }, answers, hash)
    const later = await summarizeWithModel({ ...request, model })
    expect(later).toMatchObject({ outcome: 'made', fields: { summary: expect.any(String) } })
    if (later.outcome !== 'made' || directly.outcome !== 'made') throw new Error('nothing was made')
    expect(later.fields.summary).toBe(directly.fields.summary)
    expect(model.answersUsed()).toBe(parts.length)
    expect(rest.requests.length).toBe(asked.requests.length - parts.length)
  })

  it('knows a request by what the model reads, whatever else comes with it', () => {
    const request = { system: 's', messages: [{ role: 'user', content: 'a' } as const], maxOutputTokens: 5 }
    const id = requestId(request, hash)
    expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    expect(requestId({ ...request, signal: new AbortController().signal }, hash)).toBe(id)
    for (const other of [{ system: 't' }, { maxOutputTokens: 6 }, { messages: [] }])
      expect(requestId({ ...request, ...other }, hash)).not.toBe(id)
  })
})
