import type { ModelEvent } from '@arawn/core/language-model'
import type { SaidMessage } from '@arawn/core/said-message'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { dumpOf } from './manager-steps.js'
import { testDir } from './open-manager.js'
import { type Script, scriptedModels } from './scripted-models.js'

const user = (content: string): SaidMessage => ({ role: 'user', content })
const assistant = (content: string): SaidMessage => ({ role: 'assistant', content })
const call = { id: 'call_1', name: 'weather', arguments: { place: 'Bonn' } }
const calling: readonly ModelEvent[] = [
  { type: 'text', text: 'Let me ask.' },
  { type: 'tool_call', call },
  { type: 'end', reason: 'tool_calls', usage: {} },
]
const weather = { weather: { description: 'Tells the weather.', inputSchema: z.object({ place: z.string() }) } }

async function opened(script: Script) {
  const dir = testDir()
  const models = scriptedModels(script)
  const manager = await dir.open({ models })
  await manager.createWorkstream({ id: 'a', title: 'A' })
  const tell = async (messages: readonly SaidMessage[], more: object = {}) => {
    const turn = await manager.chat({ workstream: 'a', messages, ...more })
    return turn.ended
  }
  const stored = () => dir.recordsOf('a', 'messages').map(({ role, content }) => [role, content])
  return { dir, manager, models, tell, stored }
}

describe('a conversation that is told from memory', () => {
  it('adds only what is new, wherever it begins', async () => {
    const { tell, stored, models } = await opened((_, n) => `answer ${n}`)
    await tell([user('one')])
    await tell([user('one'), assistant('answer 1'), user('two')])
    await tell([user('two'), assistant(' answer  2\n'), user('three')])
    await tell([user('four')])
    expect(stored()).toEqual([
      ['user', 'one'],
      ['assistant', 'answer 1'],
      ['user', 'two'],
      ['assistant', 'answer 2'],
      ['user', 'three'],
      ['assistant', 'answer 3'],
      ['user', 'four'],
      ['assistant', 'answer 4'],
    ])
    expect(JSON.stringify(models.requests.at(-1)?.messages)).toContain('answer 1')
  })

  it('is refused when it is not what is stored, before anything is written', async () => {
    const { tell, stored, models } = await opened((_, n) => `answer ${n}`)
    await tell([user('one')])
    await tell([user('one'), assistant('answer 1'), user('two')])
    const before = stored()
    for (const messages of [
      [user('one'), assistant('another answer'), user('two')],
      [user('one'), assistant('answer 1'), user('two, but otherwise')],
      [user('one'), assistant('answer 1'), user('two')],
      [user('zero'), user('one')],
      [{ role: 'tool', call_id: 'c9', content: 'sun' } as const],
    ])
      await expect(tell(messages)).rejects.toMatchObject({
        code: 'HISTORY_DIVERGED',
        details: { workstreamId: 'a', messages: messages.length },
      })
    await expect(tell([user('one'), assistant('answer 1')])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'messages.1.role' },
    })
    await expect(tell([assistant('answer 2'), { role: 'tool', call_id: 'c9', content: 'sun' }])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'messages.1.call_id' },
    })
    expect(stored()).toEqual(before)
    expect(models.requests).toHaveLength(2)
  })

  it('is taken over into a workstream that is empty', async () => {
    const { dir, manager, tell, models } = await opened(() => 'Yes.')
    await tell([
      user('Rain?'),
      { role: 'assistant', content: '', calls: [call] },
      { role: 'tool', call_id: 'call_1', content: 'rain' },
      assistant('It rains.'),
      user('Sure?'),
    ])
    const records = dir.recordsOf('a', 'messages')
    expect(records).toMatchObject([
      { role: 'user', content: 'Rain?' },
      { role: 'tool_use', metadata: { tool_call_id: 'call_1', tool_name: 'weather', arguments: { place: 'Bonn' } } },
      { role: 'tool_result', content: 'rain', metadata: { tool_call_id: 'call_1', tool_name: 'weather' } },
      { role: 'assistant', content: 'It rains.' },
      { role: 'user', content: 'Sure?' },
      { role: 'assistant', content: 'Yes.' },
    ])
    expect(records.map(({ interaction_id }) => interaction_id !== undefined)).toEqual([
      ...[false, false, false, false],
      ...[true, true],
    ])
    expect(models.requests[0]?.messages.map(({ role }) => role)).toEqual([
      ...['user', 'assistant', 'tool', 'assistant'],
      'user',
    ])
    const live = await dumpOf(manager)
    await manager.rebuildIndex()
    expect(await dumpOf(manager)).toEqual(live)
  })

  it('is not taken over once more where it was moved away', async () => {
    const dir = testDir()
    const manager = await dir.open({ models: scriptedModels(() => 'Yes.') })
    const tell = async (messages: readonly SaidMessage[]) => (await manager.chat({ messages })).ended
    await tell([user('one')])
    await manager.promote({ title: 'Elsewhere' })
    const history = [user('one'), assistant('Yes.'), user('two')]
    await expect(tell(history)).rejects.toMatchObject({ code: 'HISTORY_DIVERGED' })
    expect(await tell([user('two')])).toMatchObject({ status: 'ok' })
  })

  it('may know of a turn that failed or not', async () => {
    const { tell, stored } = await opened((_, n) => {
      if (n === 2) throw new Error('no')
      return `answer ${n}`
    })
    const one = [user('one'), assistant('answer 1')]
    await tell([user('one')])
    expect(await tell([...one, user('two')])).toMatchObject({ status: 'error' })
    expect(await tell([...one, user('two')])).toMatchObject({ status: 'ok' })
    await tell([...one, user('two'), assistant('answer 3'), user('three')])
    await tell([
      ...one,
      user('two'),
      user('two'),
      assistant('answer 3'),
      user('three'),
      assistant('answer 4'),
      user('end'),
    ])
    expect(stored().map(([, content]) => content)).toEqual([
      ...['one', 'answer 1', 'two', 'two', 'answer 3', 'three', 'answer 4', 'end', 'answer 5'],
    ])
  })

  it('need not know of pushes, notes, and calls that Arawn has run', async () => {
    const search = { id: 's1', name: 'search_messages', arguments: { query: 'x' } }
    const { manager, tell, stored } = await opened((_, n) =>
      n === 1
        ? [
            { type: 'text', text: 'I look.' },
            { type: 'tool_call', call: search },
            { type: 'end', reason: 'tool_calls', usage: {} },
          ]
        : `answer ${n}`,
    )
    await tell([user('one')])
    await manager.pushAgentMessage({ workstream: 'a', content: 'built' })
    await manager.sendMessage({ workstream: 'a', role: 'system', content: 'a note' })
    await tell([user('one'), assistant('I look.\n\nanswer 2'), user('two')])
    expect(stored().slice(-2)).toEqual([
      ['user', 'two'],
      ['assistant', 'answer 3'],
    ])
  })

  it('is done once for a key, however far things have gone since', async () => {
    const { tell, stored, models } = await opened((_, n) => `answer ${n}`)
    const told = [user('one')]
    const first = await tell(told, { idempotency_key: 'k' })
    await tell([...told, assistant('answer 1'), user('two')], { idempotency_key: 'l' })
    expect(await tell(told, { idempotency_key: 'k' })).toEqual(first)
    expect(await tell([...told, assistant('answer 1'), user('two')], { idempotency_key: 'l' })).toMatchObject({
      status: 'ok',
    })
    await expect(tell([user('other')], { idempotency_key: 'k' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(stored()).toHaveLength(4)
    expect(models.requests).toHaveLength(2)
  })

  it('finds its place in a long history', async () => {
    const { manager, tell, stored } = await opened(() => 'Yes.')
    const said: SaidMessage[] = []
    for (let n = 0; n < 260; n++) said.push(n % 2 === 0 ? user(`u${n}`) : assistant(`a${n}`))
    await Promise.all(
      said.map((message) =>
        manager.sendMessage({ workstream: 'a', role: message.role as 'user', content: message.content }),
      ),
    )
    await tell([...said, user('new')])
    expect(stored()).toHaveLength(262)
    await expect(
      tell([user('before'), ...said.slice(1), user('new'), assistant('Yes.'), user('x')]),
    ).rejects.toMatchObject({
      code: 'HISTORY_DIVERGED',
    })
  })
})

describe('tools that the caller runs', () => {
  it('end the turn, and the next one goes on with what they gave', async () => {
    const { dir, manager, models, tell } = await opened((_, n) => (n === 1 ? calling : 'Take an umbrella.'))
    expect(await tell([user('Umbrella?')], { tools: weather })).toMatchObject({ status: 'ok' })
    expect(models.requests[0]?.tools?.map(({ name }) => name)).toContain('weather')
    const asked = [user('Umbrella?'), { role: 'assistant' as const, content: 'Let me ask.', calls: [call] }]
    await tell([...asked, { role: 'tool', call_id: 'call_1', content: 'rain' }], { tools: weather })
    expect(dir.recordsOf('a', 'messages')).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'Let me ask.' },
      { role: 'tool_use', metadata: { tool_call_id: 'call_1', arguments: { place: 'Bonn' } } },
      { role: 'tool_result', content: 'rain', metadata: { tool_call_id: 'call_1', tool_name: 'weather' } },
      { role: 'assistant', content: 'Take an umbrella.' },
    ])
    const [, second] = models.requests
    expect(second?.messages).toMatchObject([
      { role: 'user', content: expect.stringContaining('Umbrella?') },
      { role: 'assistant', content: 'Let me ask.', toolCalls: [{ name: 'weather' }] },
      { role: 'tool', results: [{ output: 'rain' }] },
    ])
    // The two turns stay one exchange, so that what a provider has cached stays good.
    await tell([user('Thanks.')])
    expect(models.requests[2]?.messages.slice(0, 3)).toEqual(second?.messages)
    const live = await dumpOf(manager)
    await manager.rebuildIndex()
    expect(await dumpOf(manager)).toEqual(live)
  })

  it('may be answered with nothing but the result', async () => {
    const { models, tell } = await opened((_, n) => (n === 1 ? calling : 'Take an umbrella.'))
    await tell([user('Umbrella?')], { tools: weather })
    await tell([{ role: 'tool', call_id: 'call_1', content: 'rain' }, user('And tomorrow?')], { tools: weather })
    expect(models.requests[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user'])
  })

  it('need not be answered at all', async () => {
    const { models, tell } = await opened((_, n) => (n === 1 ? calling : 'Fine.'))
    await tell([user('Umbrella?')], { tools: weather })
    await tell([user('Never mind.')])
    expect(models.requests[1]?.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
    ])
  })

  it('stand beside those that Arawn runs, in one answer', async () => {
    const { models, tell, stored } = await opened((_, n) =>
      n === 1
        ? [
            { type: 'tool_call', call: { id: 'own', name: 'list_workstreams', arguments: {} } },
            { type: 'tool_call', call },
            { type: 'end', reason: 'tool_calls', usage: {} },
          ]
        : 'Both.',
    )
    await tell([user('Umbrella?')], { tools: weather })
    expect(stored().map(([role]) => role)).toEqual(['user', 'tool_use', 'tool_use', 'tool_result'])
    await tell(
      [
        user('Umbrella?'),
        { role: 'assistant', content: '', calls: [call] },
        { role: 'tool', call_id: 'call_1', content: 'rain' },
      ],
      { tools: weather },
    )
    const results = models.requests[1]?.messages.flatMap((message) => (message.role === 'tool' ? message.results : []))
    expect(results?.map(({ name, output }) => [name, output.includes('"a"') || output])).toEqual([
      ['list_workstreams', true],
      ['weather', 'rain'],
    ])
  })
})

describe('the wishes of a caller', () => {
  it('reach the model in this turn only, and are not stored', async () => {
    const { dir, models, tell } = await opened(() => 'Arr.')
    await tell([user('Hi')], { instructions: 'Talk like a pirate.', max_output_tokens: 7, style: { temperature: 0 } })
    await tell([user('Hi again')])
    const [first, second] = models.requests
    expect(first).toMatchObject({ maxOutputTokens: 7, style: { temperature: 0 } })
    expect(first?.system).toContain('Talk like a pirate.')
    expect(second?.system).not.toContain('pirate')
    expect(JSON.stringify(dir.recordsOf('a', 'messages'))).not.toContain('pirate')
  })
})
