import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Interrupted } from '../src/interruption.js'
import { KEY, type ProviderName, records, withoutProvider, withProvider } from './chat-models.js'

describe('arawn chat without any model', () => {
  it('answers with what was said before, and keeps both', async () => {
    const cli = withoutProvider()
    await cli('send', 'the harbour opens at seven')
    const { code, out, err } = await cli('chat', '-m', 'when does the harbour open?')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('the harbour opens at seven')
    expect(out.endsWith('\n')).toBe(true)
    const history = records((await cli('history', 'scratch', '--json')).out)
    expect(history.map(({ role }) => role)).toEqual(['user', 'user', 'assistant'])
    expect(history[2].content.trim()).toBe(out.trim())
  })

  it('takes one message from standard input', async () => {
    const cli = withoutProvider()
    expect((await cli.with({ stdin: 'two\nlines\n' }, 'chat')).code).toBe(0)
    expect(records((await cli('history', 'scratch', '--json')).out)[0].content).toBe('two\nlines')
    expect((await cli.with({ stdin: '\n' }, 'chat')).code).toBe(2)
  })

  it('makes a workstream for an unknown title, says so, and finds it again', async () => {
    const cli = withoutProvider()
    const first = await cli('chat', '-w', 'Tide tables', '-m', 'hi')
    expect(first.err).toMatch(/^arawn: new workstream "Tide tables" \(ws_\w+\)\n$/)
    expect((await cli('chat', '-w', 'tide TABLES', '-m', 'again')).err).toBe('')
    expect((await cli('chat', '-w', 'tide tabls', '-q', '-m', 'hi')).err).toBe('')
    expect((await cli('chat', '-w', 'tide tablet', '-m', 'hi')).err).toContain('there is also "')
    expect((await cli('history', 'tide tables')).out).toContain('again')
  })

  it('makes none for what looks like an id, nor for a model that is not there', async () => {
    const cli = withoutProvider()
    expect((await cli('chat', '-w', 'ws_01m7yrser8', '-m', 'hi')).code).toBe(3)
    const { code, err } = await cli('chat', '-w', 'new', '--model', 'offlin', '-m', 'hi')
    expect([code, err]).toEqual([2, expect.stringContaining('there is no model profile "offlin"')])
    const json = await cli('chat', '--model', 'offlin', '-m', 'hi', '--json')
    expect(JSON.parse(json.err).error).toMatchObject({ code: 'MODEL_PROFILE_UNKNOWN' })
    expect((await cli('workstream', 'list')).out).toContain('No workstreams yet')
  })

  it('tells what happens, an event a line', async () => {
    const events = records((await withoutProvider()('chat', '-m', 'hi', '--json')).out)
    expect(events[0]).toMatchObject({ type: 'turn.started', message: { content: 'hi' } })
    expect(events.at(-2)).toMatchObject({ type: 'message.created', message: { role: 'assistant' } })
    expect(events.at(-1)).toMatchObject({ type: 'turn.completed', turn: { status: 'ok', model: 'offline/offline' } })
    const said = events.filter(({ type }) => type === 'turn.delta').map(({ text }) => text)
    expect(said.join('')).toBe(events.at(-2).message.content)
  })
})

describe.each<ProviderName>(['openai-compatible', 'anthropic'])('arawn chat with a model (%s)', (provider) => {
  it('sends what was answered before with the next question', async () => {
    const { chat, scripted } = await withProvider(provider, [{ text: ['The tide ', 'turns at noon.'] }])
    const first = await chat({}, '-m', 'when?')
    expect([first.code, first.out, first.err]).toEqual([0, 'The tide turns at noon.\n', ''])
    await chat({}, '-m', 'are you sure?')
    const sent = JSON.stringify(scripted.requests[1]?.body)
    for (const said of ['when?', 'The tide turns at noon.', 'are you sure?']) expect(sent).toContain(said)
  })

  it('asks the model of the settings, that of the workstream, or the one that is named', async () => {
    const { cli, chat, scripted } = await withProvider(provider, [{ text: ['ok'] }])
    await cli('workstream', 'create', 'Talk', '--model', 'second')
    await chat({}, '-m', 'one')
    await chat({}, '-w', 'talk', '-m', 'two')
    await chat({}, '-w', 'talk', '--model', 'first/model-three', '-m', 'three')
    expect(scripted.requests.map(({ body }) => body.model)).toEqual(['model-one', 'model-two', 'model-three'])
    await cli('workstream', 'update', 'talk', '--model', 'gone')
    const { code, err } = await chat({}, '-w', 'talk', '-m', 'four')
    expect([code, err]).toEqual([2, expect.stringContaining('no model profile "gone"')])
  })

  it('says what a refused key means, and never the key', async () => {
    const { cli, chat, scripted } = await withProvider(provider, [{ refuses: 'bad_key', says: KEY }])
    for (const args of [
      ['-m', 'hi'],
      ['-m', 'hi', '--json'],
    ]) {
      const { code, out, err } = await chat({ env: { ARAWN_DEBUG: '1' } }, ...args)
      expect(code).toBe(8)
      expect(err).toContain('MODEL_AUTH')
      expect(err).not.toMatch(/^\s+at /m)
      expect(out + err).not.toContain(KEY)
    }
    expect(JSON.stringify(scripted.requests[0]?.headers)).toContain(KEY)
    // The question stays, and can be asked again.
    const history = (await cli('history', 'scratch')).out
    expect(
      history.match(/hi\n+the answer failed: MODEL_AUTH: first: the provider refuses the key \(401\): .*$/gm),
    ).toHaveLength(2)
    expect((await cli('history', 'scratch', '--all')).out).toBe(history)
    expect((await cli('workstream', 'show', 'scratch')).out).toMatch(
      /^last turn +the answer failed: MODEL_AUTH: first/m,
    )
    expect(history).not.toContain(KEY)
    const missing = await chat({ env: { TEST_KEY: '' } }, '-m', 'hi')
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('TEST_KEY')])
  })

  it('keeps what came until Ctrl-C', async () => {
    const interruption = new AbortController()
    const { cli, chat } = await withProvider(provider, [{ text: ['half an ', 'ans'], ending: 'silence' }])
    const onOut = (out: string) => {
      if (out === 'half an ans') interruption.abort(new Interrupted(130))
    }
    expect((await chat({ interrupted: interruption.signal, onOut }, '-m', 'hi')).code).toBe(130)
    const [question, answer] = records((await cli('history', 'scratch', '--json')).out)
    expect([question.content, answer.content]).toEqual(['hi', 'half an ans'])
    const log = readFileSync(join(cli.dataDir, 'workstreams/scratch/sessions.jsonl'), 'utf8')
    expect(records(log).at(-1)).toMatchObject({ type: 'turn_ended', status: 'cancelled' })
  })

  it('shows a tool call as one line, beside the answer', async () => {
    const call = { id: 'call_1', name: 'search_messages', arguments: { query: 'red\u001b[31m\nsea' } }
    const { chat } = await withProvider(provider, [
      { text: ['I look.'], calls: [call] },
      { text: ['Nothing.\u001b[2J'] },
    ])
    const { code, out, err } = await chat({ errColumns: 60 }, '-m', 'hi')
    expect([code, out]).toEqual([0, 'I look.\nNothing.\\u001b[2J\n'])
    expect(err.match(/→ search_messages .*/g)).toHaveLength(1)
    expect(err).not.toContain('\u001b[31m')
    expect((await chat({ errColumns: 60 }, '-q', '-m', 'hi')).err).toBe('')
  })
})
