import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { expect, it } from 'vitest'

const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }]
const calls = [{ id: 'call_1', name: 'look', arguments: { text: 'ducks' } }]

it.each(['openai', 'anthropic'] as const)(
  'the scripted provider answers without a stream, too: %s',
  async (provider) => {
    const server = await startScriptedProvider([{ text: ['One ', 'two.'], calls }])
    const settings = { baseURL: server.baseUrl, apiKey: 'x' }
    const model = provider === 'openai' ? createOpenAI(settings).chat('m') : createAnthropic(settings)('m')
    const { content, finishReason, usage } = await model.doGenerate({ prompt })
    expect(content).toMatchObject([
      { type: 'text', text: 'One two.' },
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'look', input: '{"text":"ducks"}' },
    ])
    expect(finishReason.unified).toBe('tool-calls')
    expect(usage.inputTokens.total).toBe(12)
    await server.close()
  },
)

it('the scripted provider leaves nothing when it is closed in the middle', async () => {
  const server = await startScriptedProvider([{ text: ['one', 'two'], pauseMs: 10_000 }])
  const model = createOpenAI({ baseURL: server.baseUrl, apiKey: 'x' }).chat('m')
  const asked = Promise.resolve(model.doStream({ prompt })).catch(() => null)
  await expect.poll(() => server.openAnswers()).toBe(1)
  await server.close()
  await asked
  await expect.poll(() => server.openAnswers()).toBe(0)
  await expect(fetch(server.origin)).rejects.toThrow()
})
