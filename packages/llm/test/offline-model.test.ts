import type { ModelEvent, ModelRequest, Passage } from '@arawn/core/language-model'
import { createOfflineModel } from '@arawn/llm/offline-model'
import { openLanguageModels } from '@arawn/llm/open-language-models'
import { textIn } from '@arawn/testkit/language-model-steps'
import { describe, expect, it, vi } from 'vitest'
import { eventsOf, failureOf } from './collect.js'

const ducks: Passage = {
  messageId: 'msg_ducks',
  timestamp: '2026-01-15T10:00:00.000Z',
  role: 'user',
  text: 'There are three ducks on the pond.',
}
const geese: Passage = {
  ...ducks,
  messageId: 'msg_geese',
  timestamp: '2026-02-01T08:00:00.000Z',
  role: 'assistant',
  text: 'No\ngeese.',
}

const asking = (content: string, passages: readonly Passage[] = []): ModelRequest => ({
  system: '',
  messages: [
    { role: 'user', content: 'an older question' },
    { role: 'assistant', content: 'an answer', toolCalls: [] },
    { role: 'user', content },
  ],
  lookUp: async () => passages,
})

async function answerTo(content: string, passages: readonly Passage[] = []): Promise<string> {
  return textIn(await eventsOf(createOfflineModel(), asking(content, passages)))
}

describe('the offline model', () => {
  it('looks up the last message and cites what it finds, best first, by message and date', async () => {
    const lookUp = vi.fn(async () => [ducks, geese])
    const events = await eventsOf(createOfflineModel(), { ...asking('How many ducks?'), lookUp })
    expect(lookUp.mock.calls).toEqual([['How many ducks?']])
    const [first, second] = textIn(events).split('\n- ').slice(1)
    expect(first).toContain('There are three ducks on the pond.')
    expect(first).toContain('(user, 2026-01-15, msg_ducks)')
    expect(second).toContain('No geese.')
    expect(second).toContain('(assistant, 2026-02-01, msg_geese)')
  })

  it('says in one line that it is no language model, and which settings and variables make one', async () => {
    const lines = (await answerTo('Hello')).split('\n')
    const notice = lines.filter((line) => line.includes('no language model'))
    expect(notice).toHaveLength(1)
    for (const name of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'Ollama', '[llm_profiles.NAME]', 'llm.default_profile'])
      expect(notice[0]).toContain(name)
  })

  it('says so when nothing fits, and does not cite the question itself', async () => {
    const itself = { ...ducks, text: 'How many ducks?' }
    expect(await answerTo('How many ducks?', [itself])).toMatch(/^Nothing that was said before fits\./)
    expect(await answerTo('How many ducks?')).toMatch(/^Nothing that was said before fits\./)
  })

  it('cites at most five passages, of a long one the part with the words of the question', async () => {
    const text = `${'Much was said. '.repeat(200)}The pond has ducks. ${'More was said. '.repeat(200)}`
    const answer = await answerTo('Where are the ducks?', Array(9).fill({ ...ducks, text }))
    expect(answer.match(/msg_ducks/g)).toHaveLength(5)
    expect(answer).toContain('The pond has ducks.')
    expect(answer.length).toBeLessThan(3_000)
  })

  it('never cuts a character in two', async () => {
    const answer = await answerTo('duck', [{ ...ducks, text: '🦆'.repeat(2_000) }])
    expect(answer.isWellFormed()).toBe(true)
  })

  it('says the same each time, in pieces', async () => {
    const events = () => eventsOf(createOfflineModel(), asking('How many ducks?', [ducks, geese]))
    const first = await events()
    expect(first.length).toBeGreaterThan(8)
    expect(await events()).toEqual(first)
    expect(first.at(-1)).toEqual<ModelEvent>({ type: 'end', reason: 'stop', usage: {} })
  })

  it('stops while it is looking up', async () => {
    const stopping = new AbortController()
    const lookUp = () => new Promise<never>(() => setTimeout(() => stopping.abort(), 10))
    const events = eventsOf(createOfflineModel(), { ...asking('Hello'), lookUp, signal: stopping.signal })
    expect((await failureOf(events)).code).toBe('MODEL_ABORTED')
  })

  it('asks no provider and needs nothing', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>()
    const models = openLanguageModels({ profiles: [], defaultProfile: 'offline', env: {}, fetch })
    const { system, messages } = asking('Hello')
    await eventsOf(await models.open(null), { system, messages })
    expect(fetch).not.toHaveBeenCalled()
  })
})
