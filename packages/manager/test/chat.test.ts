import { getEventListeners } from 'node:events'
import { WorkstreamError } from '@arawn/core/error'
import type { ModelEvent } from '@arawn/core/language-model'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { ChatTurn } from '@arawn/core/turn-operations'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { contentsOf, dumpOf } from './manager-steps.js'
import { testDir } from './open-manager.js'
import { scriptedModels } from './scripted-models.js'

async function eventsOf(turn: ChatTurn): Promise<TurnEvent[]> {
  const events: TurnEvent[] = []
  for await (const event of turn.events()) events.push(event)
  return events
}

const usage = { input_tokens: 10, output_tokens: 2 }
const end: ModelEvent = { type: 'end', reason: 'stop', usage }

describe('a turn', () => {
  it('has the message on disk before the model is called, then the answer, then its end', async () => {
    const dir = testDir()
    const roles: unknown[] = []
    const models = scriptedModels(() => {
      roles.push(dir.recordsOf('a', 'messages').map(({ role }) => role))
      return 'Hello.'
    })
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    const turn = await manager.chat({ workstream: 'a', content: 'Hi!' })
    expect(dir.recordsOf('a', 'messages')).toMatchObject([{ role: 'user', interaction_id: turn.interaction_id }])
    expect(await turn.ended).toMatchObject({ status: 'ok', model: 'default/scripted', usage, error: null })
    expect(roles).toEqual([['user']])
    expect(dir.recordsOf('a', 'messages')).toMatchObject([
      { role: 'user', content: 'Hi!' },
      { role: 'assistant', content: 'Hello.', interaction_id: turn.interaction_id },
    ])
    expect(dir.recordsOf('a', 'sessions')).toMatchObject([
      { type: 'session_opened' },
      { type: 'turn_started', interaction_id: turn.interaction_id, message_id: turn.message.id },
      { type: 'turn_ended', interaction_id: turn.interaction_id, status: 'ok' },
    ])
    const told = (await eventsOf(turn)).map(({ type }) => type)
    expect(told).toEqual(['turn.started', 'turn.delta', 'message.created', 'turn.completed'])
    const live = await dumpOf(manager)
    await manager.rebuildIndex()
    expect(await dumpOf(manager)).toEqual(live)
  })

  it('says what all of its calls have cost, or nothing when that of one is not known', async () => {
    const dir = testDir()
    const call = { id: 'c1', name: 'search_messages', arguments: { query: 'x' } }
    const models = scriptedModels(
      (_request, position) =>
        position % 2 === 1
          ? [
              { type: 'tool_call', call },
              { ...end, reason: 'tool_calls' },
            ]
          : [{ type: 'text', text: 'Hi.' }, position === 2 ? end : { ...end, usage: {} }],
      ({ input_tokens }) => (input_tokens === undefined ? null : input_tokens / 100),
    )
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    const first = await (await manager.chat({ workstream: 'a', content: 'one' })).ended
    expect(first).toMatchObject({ status: 'ok', cost_usd: 0.2 })
    const second = await (await manager.chat({ workstream: 'a', content: 'two' })).ended
    expect(second).toMatchObject({ status: 'ok', usage, cost_usd: null })
    const [known, unknown] = dir.recordsOf('a', 'sessions').filter(({ type }) => type === 'turn_ended')
    expect(known).toMatchObject({ cost_usd: 0.2 })
    expect(unknown).not.toHaveProperty('cost_usd')
    const live = await dumpOf(manager)
    await manager.rebuildIndex()
    expect(await dumpOf(manager)).toEqual(live)
  })

  it('sends the answer of the turn before with the next one', async () => {
    const models = scriptedModels((_request, call) => `answer ${call}`)
    const manager = await testDir().open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await (await manager.chat({ workstream: 'a', content: 'one' })).ended
    await (await manager.chat({ workstream: 'a', content: 'two' })).ended
    expect(JSON.stringify(models.requests[1]?.messages)).toContain('answer 1')
  })

  it('runs the tools that the model asks for and tells it what they gave', async () => {
    const dir = testDir()
    const models = scriptedModels((request, call) =>
      call === 1
        ? [
            { type: 'text', text: 'Let me see.' },
            { type: 'tool_call', call: { id: 'c1', name: 'weather', arguments: { place: 'Bonn' } } },
            { type: 'tool_call', call: { id: 'c2', name: 'weather', arguments: { place: 7 } } },
            { type: 'tool_call', call: { id: 'c3', name: 'nothing', arguments: {} } },
            { type: 'end', reason: 'tool_calls', usage },
          ]
        : JSON.stringify(request.messages).includes('rain in Bonn')
          ? 'Take an umbrella.'
          : 'I was told nothing.',
    )
    const manager = await dir.open({ models })
    const weather = {
      description: 'Tells the weather.',
      inputSchema: z.object({ place: z.string() }),
      execute: async ({ place }: { place: string }) => `rain in ${place}`,
    }
    const turn = await manager.chat({ content: 'Umbrella?', tools: { weather } })
    expect(await turn.ended).toMatchObject({ status: 'ok', usage: { input_tokens: 20, output_tokens: 4 } })
    expect(models.requests[0]?.tools?.map(({ name }) => name)).toContain('weather')
    const messages = dir.recordsOf('scratch', 'messages')
    expect(messages.slice(0, 5)).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'Let me see.' },
      { role: 'tool_use', metadata: { tool_call_id: 'c1', tool_name: 'weather', arguments: { place: 'Bonn' } } },
      { role: 'tool_use', metadata: { tool_call_id: 'c2' } },
      { role: 'tool_use', metadata: { tool_call_id: 'c3' } },
    ])
    const results = new Map(
      messages
        .slice(5, 8)
        .map(({ content, metadata }) => [(metadata as { tool_call_id: string }).tool_call_id, { content, metadata }]),
    )
    expect(results.get('c1')).toMatchObject({ content: 'rain in Bonn', metadata: { is_error: false } })
    expect(results.get('c2')).toMatchObject({ metadata: { is_error: true } })
    expect(results.get('c3')).toMatchObject({ content: 'there is no tool nothing', metadata: { is_error: true } })
    expect(messages.at(-1)).toMatchObject({ role: 'assistant', content: 'Take an umbrella.' })
  })

  it('leaves nothing behind at the signal of who listens, however long that lasts', async () => {
    const models = scriptedModels(async function* () {
      for (let n = 0; n < 50; n++) {
        await new Promise((resolve) => setImmediate(resolve))
        yield { type: 'text', text: `${n} ` }
      }
      yield end
    })
    const manager = await testDir().open({ models })
    const turn = await manager.chat({ content: 'Count!' })
    const { signal } = new AbortController()
    let most = 0
    for await (const _ of turn.events(signal)) most = Math.max(most, getEventListeners(signal, 'abort').length)
    expect(most).toBeLessThanOrEqual(1)
  })

  it('keeps what came when it is cancelled', async () => {
    const dir = testDir()
    const models = scriptedModels(async function* ({ signal }) {
      yield { type: 'text', text: 'Once upon' }
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    })
    const manager = await dir.open({ models })
    const turn = await manager.chat({ content: 'A tale!' })
    for await (const event of turn.events()) if (event.type === 'turn.delta') break
    expect(await manager.cancelTurn('scratch')).toBe(true)
    expect(await turn.ended).toMatchObject({ status: 'cancelled', error: null })
    expect(await contentsOf(manager, 'scratch')).toEqual(['A tale!', 'Once upon'])
    expect((await eventsOf(turn)).at(-1)?.type).toBe('turn.cancelled')
  })

  it('keeps what came when the model fails, and says what went wrong', async () => {
    const models = scriptedModels(async function* () {
      yield { type: 'text', text: 'Half' }
      throw new WorkstreamError('MODEL_UNREACHABLE', 'cut', { profile: 'p', errno: 'ECONNRESET' })
    })
    const manager = await testDir().open({ models })
    const turn = await manager.chat({ content: 'Go' })
    expect(await turn.ended).toMatchObject({ status: 'error', error: 'MODEL_UNREACHABLE' })
    expect(await contentsOf(manager, 'scratch')).toEqual(['Go', 'Half'])
    expect(await (await manager.chat({ content: 'Again' })).ended).toMatchObject({ status: 'error' })
  })

  it('is the only one of its workstream: another one is refused, or waits', async () => {
    const dir = testDir()
    const release: (() => void)[] = []
    const models = scriptedModels(async function* ({ messages }) {
      await new Promise<void>((resolve) => release.push(resolve))
      yield { type: 'text', text: `after ${messages.length}` }
      yield end
    })
    const manager = await dir.open({ models })
    const other = await dir.open({ models })
    const first = await manager.chat({ content: 'one' })
    for (const handle of [manager, other])
      await expect(handle.chat({ content: 'no' })).rejects.toMatchObject({
        code: 'WORKSTREAM_BUSY',
        details: { interactionId: first.interaction_id },
      })
    const order: string[] = []
    const queued = ['two', 'three'].map(async (content) => {
      const turn = await manager.chat({ content, if_busy: 'queue' })
      order.push(content)
      return turn.ended
    })
    const [running] = await manager.listRunningTurns()
    const seen = await other.getTurn('scratch', running?.interaction_id ?? '')
    expect(await seen.ended).toMatchObject({ status: 'running' })
    const told: string[] = []
    for await (const { type } of seen.events()) told.push(type)
    expect(told).toEqual(['turn.started'])
    const elsewhere = other.chat({ content: 'four', if_busy: 'queue' }).then((turn) => turn.ended)
    const letGo = setInterval(() => release.shift()?.(), 5)
    expect(await first.ended).toMatchObject({ status: 'ok' })
    for (const ended of [...queued, elsewhere]) expect(await ended).toMatchObject({ status: 'ok' })
    clearInterval(letGo)
    expect(order).toEqual(['two', 'three'])
    const turns = dir.recordsOf('scratch', 'sessions').filter(({ type }) => String(type).startsWith('turn_'))
    expect(turns.map(({ type }) => type)).toEqual(Array(4).fill(['turn_started', 'turn_ended']).flat())
  })

  it('is the same turn when it is asked for again with its key: running, over, after a restart', async () => {
    const dir = testDir()
    const models = scriptedModels(() => 'once')
    const manager = await dir.open({ models })
    const ask = { content: 'Once?', idempotency_key: 'k' }
    const first = await manager.chat(ask)
    const again = await manager.chat(ask)
    expect(again.interaction_id).toBe(first.interaction_id)
    await first.ended
    await manager.close()
    const later = await (await dir.open({ models })).chat(ask)
    expect(later.interaction_id).toBe(first.interaction_id)
    expect(await later.ended).toMatchObject({ status: 'ok' })
    expect((await eventsOf(later)).map(({ type }) => type)).toEqual([
      'turn.started',
      'turn.delta',
      'message.created',
      'turn.completed',
    ])
    expect(models.requests.length).toBe(1)
    const reopened = await dir.open({ models })
    await expect(reopened.chat({ ...ask, content: 'Twice?' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })

  it('ends as interrupted with its manager, and when its process has died', async () => {
    const dir = testDir()
    const models = scriptedModels(async function* ({ signal }) {
      yield { type: 'text', text: 'So far' }
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    })
    const manager = await dir.open({ models })
    const turn = await manager.chat({ content: 'Go' })
    for await (const event of turn.events()) if (event.type === 'turn.delta') break
    await manager.close()
    expect(await turn.ended).toMatchObject({ status: 'interrupted' })

    // As a process leaves it that dies in the middle: nobody holds the lock of its name.
    const at = Date.now() * 1000
    dir.appendByHand(
      'scratch',
      'sessions',
      `${JSON.stringify({ v: 1, stamp: at, type: 'turn_started', interaction_id: 'int_dead', session_id: turn.session_id, message_id: 'm', timestamp: '2026-01-15T10:00:00.000Z', owner: 'run_dead' })}\n`,
    )
    const next = await dir.open({ models: scriptedModels(() => 'Back.') })
    expect(await (await next.chat({ content: 'Still there?' })).ended).toMatchObject({ status: 'ok' })
    expect((await next.getTurn('scratch', 'int_dead').catch((error) => error)).code).toBe('TURN_NOT_FOUND')
    const ends = dir.recordsOf('scratch', 'sessions').filter(({ type }) => type === 'turn_ended')
    expect(ends.map(({ status }) => status)).toEqual(['interrupted', 'interrupted', 'ok'])
  })

  it('asks the model that the workstream names, unless the request names another one', async () => {
    const models = scriptedModels(() => 'Yes.')
    const manager = await testDir().open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A', default_model: 'large' })
    await (await manager.chat({ workstream: 'a', content: '1' })).ended
    await (await manager.chat({ workstream: 'a', content: '2', model: 'small' })).ended
    await (await manager.chat({ content: '3' })).ended
    expect(models.opened).toEqual(['large', 'small', null])
  })

  it('gives a workstream without a title one, and leaves one that somebody gave', async () => {
    const models = scriptedModels((request) => (request.maxOutputTokens === undefined ? 'Rust is fun.' : '"On Rust"'))
    const dir = testDir()
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a' })
    await manager.createWorkstream({ id: 'b', title: 'Mine' })
    for (const workstream of ['a', 'b']) await (await manager.chat({ workstream, content: 'Rust?' })).ended
    await manager.close()
    const reopened = await dir.open()
    expect((await reopened.getWorkstream('a')).title).toBe('On Rust')
    expect((await reopened.getWorkstream('b')).title).toBe('Mine')
  })

  it('moves out of scratch only what the user agreed to, once the turn has ended', async () => {
    const dir = testDir()
    const call = (agreed: boolean): ModelEvent[] => [
      {
        type: 'tool_call',
        call: { id: `c${agreed}`, name: 'promote_scratch', arguments: { title: 'Bridges', ...(agreed && { agreed }) } },
      },
      { type: 'end', reason: 'tool_calls', usage },
    ]
    const script = [call(true), 'Shall I?', call(false), 'Shall I move it?', call(true), 'Done.']
    const models = scriptedModels((_request, count) => script[count - 1] ?? '')
    const manager = await dir.open({ models })
    // Without a proposal before, a model that says that the user agreed is told off.
    await (await manager.chat({ content: 'About bridges' })).ended
    expect((await manager.listWorkstreams()).items.map(({ title }) => title)).not.toContain('Bridges')
    await (await manager.chat({ content: 'More' })).ended
    const last = await manager.chat({ content: 'Yes, move it' })
    const events = await eventsOf(last)
    const [target] = (await manager.listWorkstreams({ text: 'Bridges' })).items
    expect(events.slice(-2)).toMatchObject([
      { type: 'turn.promoted', workstream: { id: target?.id, title: 'Bridges' }, messages: 12 },
      { type: 'turn.completed', turn: { status: 'ok' } },
    ])
    // Nothing is between the end of the turn and the promise to move it.
    expect(
      dir
        .recordsOf('scratch', 'sessions')
        .map(({ type }) => type)
        .slice(-4),
    ).toEqual(['promotion_started', 'turn_ended', 'promotion_completed', 'session_closed'])
    const moved = await contentsOf(manager, 'Bridges')
    expect(moved.filter((content) => content !== '')).toContain('Yes, move it')
    expect(moved.at(-1)).toBe('Done.')
    expect(await contentsOf(manager, 'scratch')).toEqual([])
  })
})

it('no message is counted twice, also after a restart', async () => {
  const dir = testDir()
  const counted: string[] = []
  const models = scriptedModels(() => 'Fine.')
  const watched = async (name: string | null) => {
    const model = await models.open(name)
    const count = async (texts: readonly string[]) => {
      counted.push(...texts)
      return model.counter.count(texts)
    }
    return { ...model, counter: { ...model.counter, count } }
  }
  for (const content of ['first of all', 'second of all', 'third of all']) {
    const manager = await dir.open({ models: { ...models, open: watched } })
    await (await manager.chat({ content })).ended
    await manager.close()
  }
  for (const content of ['first of all', 'second of all', 'third of all'])
    expect(counted.filter((text) => text === content)).toHaveLength(1)
})

describe('a turn that failed', () => {
  it('still says why after a restart, in a line without keys or stack', async () => {
    const dir = testDir()
    const models = scriptedModels(() => {
      throw new WorkstreamError(
        'MODEL_AUTH',
        `work: the provider refuses the key (401): no such key: sk-live-0123456789abcdef\n    at call (model.ts:1:1)`,
        { profile: 'work', status: 401 },
      )
    })
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    const turn = await manager.chat({ workstream: 'a', content: 'one' })
    const why = {
      status: 'error',
      error: 'MODEL_AUTH',
      error_message: 'work: the provider refuses the key (401): no such key: [key]',
    }
    expect(await turn.ended).toMatchObject(why)
    expect(dir.recordsOf('a', 'sessions').at(-1)).toMatchObject({ type: 'turn_ended', ...why })
    expect(dir.bytesOf('a', 'sessions')).not.toContain('0123456789abcdef')
    const live = await dumpOf(manager)
    await manager.close()

    const later = await dir.open({ models: scriptedModels(() => 'Fine.') })
    expect(await later.listFailedTurns('a')).toMatchObject([{ interaction_id: turn.interaction_id, ...why }])
    expect(await (await later.getTurn('a', turn.interaction_id)).ended).toMatchObject(why)
    await later.rebuildIndex()
    expect(await dumpOf(later)).toEqual(live)
  })

  it('is listed newest first, and those that ended well are not', async () => {
    const dir = testDir()
    const models = scriptedModels((_request, call) => {
      if (call % 2 === 0) return 'Fine.'
      throw new Error(`failure ${call}`)
    })
    const manager = await dir.open({ models })
    for (let n = 1; n <= 6; n++) {
      await (await manager.chat({ content: `${n}` })).ended
      dir.clock.advance(1_000)
    }
    const failed = await manager.listFailedTurns('scratch')
    expect(failed.map(({ error, error_message }) => [error, error_message])).toEqual([
      ['INTERNAL', 'failure 5'],
      ['INTERNAL', 'failure 3'],
      ['INTERNAL', 'failure 1'],
    ])
    expect(await manager.listFailedTurns('scratch', { limit: 1 })).toEqual(failed.slice(0, 1))
    await expect(manager.listFailedTurns('scratch', { limit: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
