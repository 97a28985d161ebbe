import type { ErrorCode } from '@arawn/core/error'
import type { ProviderBody } from '@arawn/testkit/provider-answer'
import { startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { describe, expect, it } from 'vitest'
import { eventsOf, failureOf, openScripted } from './collect.js'

const json = (status: number, body: unknown): ProviderBody => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

/** What providers really send, in their own words. */
const bodies: readonly [string, 'openai' | 'anthropic' | 'openai-compatible', ProviderBody, ErrorCode][] = [
  [
    'OpenAI, too long',
    'openai',
    json(400, {
      error: {
        message: 'Input tokens exceed the configured limit of 272000 tokens.',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    }),
    'MODEL_OVERFLOW',
  ],
  [
    'Anthropic, too long with its answer',
    'anthropic',
    json(400, {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000, decrease input length',
      },
    }),
    'MODEL_OVERFLOW',
  ],
  [
    'Anthropic, too many bytes',
    'anthropic',
    json(413, { type: 'error', error: { type: 'request_too_large', message: 'Request exceeds the maximum size' } }),
    'MODEL_OVERFLOW',
  ],
  [
    'llama.cpp, too long',
    'openai-compatible',
    json(400, {
      error: {
        code: 400,
        message: 'the request exceeds the available context size. try increasing the context size',
        type: 'exceed_context_size_error',
      },
    }),
    'MODEL_OVERFLOW',
  ],
  [
    'vLLM, too long',
    'openai-compatible',
    json(400, {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
      type: 'BadRequestError',
      code: 400,
    }),
    'MODEL_OVERFLOW',
  ],
  [
    'Groq, more than its rate allows at once',
    'openai-compatible',
    json(413, {
      error: { message: 'Request too large for model: tokens per minute', type: 'tokens', code: 'rate_limit_exceeded' },
    }),
    'MODEL_RATE_LIMITED',
  ],
  [
    'Ollama, no such model',
    'openai-compatible',
    json(404, { error: { message: 'model "nope" not found', type: 'api_error', param: null, code: null } }),
    'MODEL_NOT_FOUND',
  ],
  ['LM Studio, a text as error', 'openai-compatible', json(400, { error: 'No models loaded.' }), 'MODEL_REFUSED'],
  ['a proxy without a body', 'openai', { status: 403, body: '' }, 'MODEL_AUTH'],
  ['a page instead of an answer', 'openai', { status: 404, body: '<html>' }, 'MODEL_FAILED'],
  [
    'a page that says that all is well',
    'openai-compatible',
    { status: 200, body: '<html>Log in</html>' },
    'MODEL_UNREACHABLE',
  ],
  ['nothing at all', 'anthropic', { status: 200, body: '' }, 'MODEL_UNREACHABLE'],
  ['a timeout', 'openai', json(408, { error: { message: 'timeout' } }), 'MODEL_FAILED'],
]

describe('what a provider sends', () => {
  it.each(bodies)('%s', async (_, provider, body, code) => {
    const { model, server } = await openScripted(provider, [body])
    const failure = await failureOf(eventsOf(model))
    expect(failure.code).toBe(code)
    expect(failure.details).toMatchObject({ profile: 'work' })
    expect(failure.message).toMatch(/^work: /)
    await server.close()
  })

  it('is repeated where it helps, in one line that is not long', async () => {
    const message = `Unsupported\nparameter ${'x'.repeat(2_000)}`
    const { model, server } = await openScripted('openai', [json(400, { error: { message } })])
    const failure = await failureOf(eventsOf(model))
    expect(failure.message).toContain('Unsupported parameter xxx')
    expect(failure.message).not.toContain('\n')
    expect(failure.message.length).toBeLessThan(600)
    await server.close()
  })

  it('never takes the key and the conversation elsewhere', async () => {
    const elsewhere = await startScriptedProvider([{ text: ['Give me more.'] }])
    for (const provider of ['openai', 'anthropic', 'openai-compatible'] as const) {
      const location = `${elsewhere.baseUrl}/${provider === 'anthropic' ? 'messages' : 'chat/completions'}`
      const { model, server } = await openScripted(provider, [{ status: 307, body: '', headers: { location } }])
      expect(await failureOf(eventsOf(model))).toMatchObject({ code: 'MODEL_FAILED', details: { status: 307 } })
      await server.close()
    }
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })
})
