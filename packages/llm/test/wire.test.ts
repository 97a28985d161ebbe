import type { ModelRequest } from '@arawn/core/language-model'
import { longHistory, lookTool } from '@arawn/testkit/language-model-steps'
import { describe, expect, it } from 'vitest'
import { eventsOf, openScripted } from './collect.js'

type Provider = 'openai' | 'anthropic' | 'openai-compatible' | 'ollama'

async function sent(provider: Provider, request: ModelRequest): Promise<Record<string, unknown>> {
  const { model, server } = await openScripted(provider, [{ text: ['Fine.'] }])
  await eventsOf(model, request)
  await server.close()
  return server.requests[0]?.body ?? {}
}

const request: ModelRequest = {
  system: 'Be brief.',
  messages: [
    { role: 'user', content: 'How many?' },
    {
      role: 'assistant',
      content: 'Let me look.',
      toolCalls: [
        { id: 'call_1', name: 'look', arguments: { text: 'ducks' } },
        { id: 'call_2', name: 'look', arguments: { text: 'geese' } },
      ],
    },
    {
      role: 'tool',
      results: [
        { id: 'call_1', name: 'look', output: '3', isError: false },
        { id: 'call_2', name: 'look', output: 'no geese', isError: true },
      ],
    },
  ],
  tools: [lookTool],
  stableMessages: 1,
  maxOutputTokens: 77,
}

describe.each(['openai', 'openai-compatible', 'ollama'] as const)('what %s is sent', (provider) => {
  it('is the chat-completions format: a message for each result, usage asked for, nothing of a cache', async () => {
    const call = (id: string, text: string) => ({
      id,
      type: 'function',
      function: { name: 'look', arguments: JSON.stringify({ text }) },
    })
    expect(await sent(provider, request)).toEqual({
      model: 'a-model',
      max_tokens: 77,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'How many?' },
        {
          role: 'assistant',
          content: 'Let me look.',
          tool_calls: [call('call_1', 'ducks'), call('call_2', 'geese')],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '3' },
        { role: 'tool', tool_call_id: 'call_2', content: 'no geese' },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'look', description: lookTool.description, parameters: lookTool.parameters },
        },
      ],
      stream: true,
      stream_options: { include_usage: true },
    })
  })
})

describe('what anthropic is sent', () => {
  it('is the messages format: results in one message of the user, marked when they are errors', async () => {
    const body = await sent('anthropic', { ...request, stableMessages: undefined })
    expect(body).toMatchObject({
      model: 'a-model',
      max_tokens: 77,
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'How many?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me look.' },
            { type: 'tool_use', id: 'call_1', name: 'look', input: { text: 'ducks' } },
            { type: 'tool_use', id: 'call_2', name: 'look', input: { text: 'geese' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: '3' },
            { type: 'tool_result', tool_use_id: 'call_2', content: 'no geese', is_error: true },
          ],
        },
      ],
      tools: [{ name: 'look', description: lookTool.description, input_schema: lookTool.parameters }],
      stream: true,
    })
    expect(JSON.stringify(body)).not.toContain('cache_control')
  })

  it('is marked for its cache behind the system prompt and behind the stable messages', async () => {
    const marks = async (stableMessages: number, messages = request.messages) => {
      const body = await sent('anthropic', { ...request, messages, stableMessages })
      const blocks = [
        ...(body.system as object[]),
        ...(body.messages as { content: object[] }[]).flatMap(({ content }) => content),
      ]
      return blocks.flatMap((block, index) => ('cache_control' in block ? [index] : []))
    }
    // system · question · text, call, call · result, result
    expect(await marks(0)).toEqual([0])
    expect(await marks(1)).toEqual([0, 1])
    expect(await marks(2)).toEqual([0, 4])
    expect(await marks(3)).toEqual([0, 6])
    expect(await marks(99)).toEqual([0, 6])
    // A stable message that is left out is stood for by the one before it.
    const silent = { role: 'assistant' as const, content: '', toolCalls: [] }
    const [question = silent, ...others] = request.messages
    expect(await marks(2, [question, silent, ...others])).toEqual([0, 1])
  })

  it('is the same bytes from turn to turn as far as the messages are stable', async () => {
    const turn = async (more: number, stableMessages: number) => {
      const messages = [
        ...longHistory,
        ...Array.from({ length: more }, () => ({ role: 'user' as const, content: 'more' })),
      ]
      return JSON.stringify((await sent('anthropic', { ...request, messages, stableMessages })).messages)
    }
    const [first, second] = [await turn(1, 3), await turn(4, 3)]
    expect(second.slice(0, first.length - 4)).toBe(first.slice(0, -4))
  })
})

describe.each(['openai', 'anthropic', 'openai-compatible'] as const)('a history from elsewhere, for %s', (provider) => {
  it('has ids that every provider takes, the same for a call and its result', async () => {
    const body = JSON.stringify(await sent(provider, { system: '', messages: longHistory }))
    const ids = [...body.matchAll(/"(?:id|tool_call_id|tool_use_id)":"([^"]*)"/g)].map(([, id]) => id)
    expect(ids).toHaveLength(6)
    expect(new Set(ids).size).toBe(3)
    expect(ids.every((id) => /^[\w-]{1,40}$/.test(id ?? ''))).toBe(true)
  })

  it('has no id twice, also when a model began anew with each answer', async () => {
    const call = (text: string) => ({ id: 'call_0', name: 'look', arguments: { text } })
    const result = (output: string) => ({ id: 'call_0', name: 'look', output, isError: false })
    const turns = ['a', 'b'].flatMap((text) => [
      { role: 'user' as const, content: text },
      { role: 'assistant' as const, content: '', toolCalls: [call(text), call(text)] },
      { role: 'tool' as const, results: [result(text), result(text)] },
    ])
    const body = JSON.stringify(await sent(provider, { system: '', messages: turns }))
    const found = (name: string) => [...body.matchAll(new RegExp(`"${name}":"([^"]*)"`, 'g'))].map(([, id]) => id)
    const calls = found('id')
    expect(new Set(calls).size).toBe(4)
    expect([...found('tool_call_id'), ...found('tool_use_id')]).toEqual(calls)
  })

  it('has no half characters, and names of tools that can be sent', async () => {
    const body = JSON.stringify(await sent(provider, { system: '\ud800 Be brief.', messages: longHistory }))
    expect(body).not.toMatch(/\\u[dD][89a-fA-F]/)
    expect(body).toContain('"mcp_server_look_up"')
  })

  it('has no empty text and no system prompt that says nothing', async () => {
    const body = JSON.stringify(await sent(provider, { system: ' ', messages: longHistory }))
    expect(body).not.toMatch(/"text":"\s*"/)
    expect(body).not.toMatch(/"role":"user","content":"\s*"/)
    expect(body).not.toContain('"system"')
  })
})

it('a model of OpenAI that thinks is told so in its own words', async () => {
  const { server } = await openScripted('openai', [{ text: ['Fine.'] }])
  const { model } = await openScripted('openai', [], {
    profiles: [{ name: 'p', provider: 'openai', model: 'gpt-5-mini', baseUrl: server.baseUrl, apiKeyEnv: null }],
  })
  await eventsOf(model, request)
  expect(server.requests[0]?.body).toMatchObject({
    max_completion_tokens: 77,
    messages: [{ role: 'developer' }, {}, {}, {}, {}],
  })
  await server.close()
})

it('a limit of a request is never above that of the profile', async () => {
  expect((await sent('openai', { ...request, maxOutputTokens: 1_000_000 })).max_tokens).toBe(4_096)
  expect((await sent('openai', { ...request, maxOutputTokens: undefined })).max_tokens).toBe(4_096)
})

describe('a call whose arguments are not whole', () => {
  const calls = [{ id: 'call_1', name: 'look', arguments: { text: 'ducks' } }]

  it.each(['openai', 'anthropic', 'openai-compatible'] as const)('is never handed out: %s', async (provider) => {
    for (const ending of ['closed', 'reset', 'malformed', 'error'] as const) {
      const { model, server } = await openScripted(provider, () => ({ text: ['one '], calls, ending, cutInCall: true }))
      const seen: string[] = []
      try {
        for await (const { type } of model.stream(request)) seen.push(type)
      } catch {}
      expect(seen, ending).toEqual(['text'])
      await server.close()
    }
  })

  it.each(['openai', 'anthropic', 'openai-compatible'] as const)(
    'is left out when the answer was too long: %s',
    async (provider) => {
      const { model, server } = await openScripted(provider, [{ calls, reason: 'length', cutInCall: true }])
      expect(await eventsOf(model, request)).toMatchObject([{ type: 'end', reason: 'length' }])
      await server.close()
    },
  )
})

describe('how an answer is wished for', () => {
  const style = {
    temperature: 0.25,
    topP: 0.5,
    seed: 7,
    stop: ['END'],
    frequencyPenalty: 0.5,
    presencePenalty: -0.5,
    toolChoice: { name: 'look' },
  } as const

  it('reaches a provider of chat completions, field by field', async () => {
    expect(await sent('openai-compatible', { ...request, style })).toMatchObject({
      temperature: 0.25,
      top_p: 0.5,
      seed: 7,
      stop: ['END'],
      frequency_penalty: 0.5,
      presence_penalty: -0.5,
      tool_choice: { type: 'function', function: { name: 'look' } },
    })
    const plain = await sent('openai-compatible', request)
    for (const field of ['temperature', 'top_p', 'seed', 'stop', 'tool_choice', 'response_format'])
      expect(plain).not.toHaveProperty(field)
  })

  it('reaches Anthropic as far as it knows it', async () => {
    const body = await sent('anthropic', {
      ...request,
      style: { temperature: 0.25, stop: ['END'], toolChoice: 'required' },
    })
    expect(body).toMatchObject({ temperature: 0.25, stop_sequences: ['END'], tool_choice: { type: 'any' } })
  })

  it('may be JSON', async () => {
    const body = await sent('openai-compatible', { ...request, style: { json: {} } })
    expect(body.response_format).toEqual({ type: 'json_object' })
    const schema = { type: 'object', properties: { n: { type: 'number' } } } as const
    const strict = await sent('openai', { ...request, style: { json: { name: 'count', schema } } })
    expect(strict.response_format).toMatchObject({ type: 'json_schema', json_schema: { name: 'count', schema } })
  })

  it('does not ask for tools where there are none', async () => {
    const body = await sent('openai', { ...request, tools: undefined, style: { toolChoice: 'required' } })
    expect(body).not.toHaveProperty('tool_choice')
  })
})
