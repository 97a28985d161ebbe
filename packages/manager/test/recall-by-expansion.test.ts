import { WorkstreamError } from '@arawn/core/error'
import type { ModelMessage } from '@arawn/core/language-model'
import type { ExplainedContext } from '@arawn/core/memory-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import {
  createScriptedModel,
  createScriptedModels,
  type ModelScript,
  type ScriptedModel,
} from '@arawn/testkit/scripted-model'
import { summarizedTalk } from '@arawn/testkit/summarized-talk'
import { describe, expect, it } from 'vitest'
import { type DataDir, testDir } from './open-manager.js'

const PORT = 'The proxy of the warehouse listens on port 8443.'
// Shares no word with it that counts.
const asked = 'Whereabouts can my browser knock at that storage depot?'
const terms = 'warehouse\nproxy, port'

const textOf = (message: ModelMessage | undefined) => (message?.role === 'user' ? message.content : '')
const echoesOf = ({ parts }: ExplainedContext) => parts.find(({ name }) => name === 'echoes')

async function openWith(
  cheap: ModelScript,
  { dir = testDir(), timeoutMs = 5_000 }: { dir?: DataDir; timeoutMs?: number } = {},
) {
  const main = createScriptedModel(['Port 8443.'], { profile: 'main' })
  const cheapModel = createScriptedModel(cheap, { profile: 'cheap', model: 'tiny' })
  const manager = await dir.open({
    models: createScriptedModels([main, cheapModel]),
    context: { maxEchoTokens: 300, recentShare: 0.1 },
    recall: { expansionModel: 'cheap', timeoutMs },
  })
  return { dir, manager, main, cheap: cheapModel }
}

const ask = async (manager: WorkstreamManager, main: ScriptedModel, content = asked) => {
  const turn = await (await manager.chat({ workstream: 'a', content })).ended
  return { status: turn.status, sent: textOf(main.requests.at(-1)?.messages.at(-1)) }
}

/** A model that says nothing until a test lets it. */
function held(): { script: ModelScript; release: (answer: string) => void } {
  let release = (_: string) => {}
  const answer = new Promise<string>((resolve) => (release = resolve))
  return { script: () => answer, release: (said) => release(said) }
}

describe('recall with a model that adds words to a question', () => {
  it('sends an old message that has no word of the question', async () => {
    const { manager, main, cheap } = await openWith([terms])
    await summarizedTalk(manager, PORT)
    const { status, sent } = await ask(manager, main)
    expect(status).toBe('ok')
    expect(sent).toContain(`\nuser: ${PORT}\n`)
    expect(sent.endsWith(asked)).toBe(true)
    expect(cheap.requests).toHaveLength(1)
    expect(JSON.stringify(cheap.requests[0]?.messages)).toContain(asked)
  })

  it('sends it not when there is none', async () => {
    const dir = testDir()
    const main = createScriptedModel(['Hm.'])
    const manager = await dir.open({ models: createScriptedModels([main]), context: { maxEchoTokens: 300 } })
    await summarizedTalk(manager, PORT)
    expect((await ask(manager, main)).sent).not.toContain(PORT)
  })

  it('says so: the part of a score that the expansion gave', async () => {
    const { manager } = await openWith([terms])
    await summarizedTalk(manager, PORT)
    const recalled = echoesOf(await manager.explainContext('a', { message: asked }))?.recalled
    expect(recalled?.[0]).toEqual({ sequence: 41, score: 1, scores: { expansion: 1 } })
    const both = echoesOf(await manager.explainContext('a', { message: 'Which proxy?' }))?.recalled
    expect(both?.[0]).toEqual({ sequence: 41, score: 2, scores: { words: 1, expansion: 1 } })
  })

  it('asks once for a question, in whichever process', async () => {
    const { dir, manager, cheap } = await openWith([terms])
    await summarizedTalk(manager, PORT)
    const first = await manager.explainContext('a', { message: asked })
    expect(await manager.explainContext('a', { message: `  ${asked.replace(' ', '\n')} ` })).toMatchObject({
      parts: first.parts.map(({ name }) => ({ name })),
    })
    await manager.close()
    const other = await openWith(['never said'], { dir })
    expect(await other.manager.explainContext('a', { message: asked })).toEqual(first)
    expect([cheap.requests.length, other.cheap.requests.length]).toEqual([1, 0])
    await other.manager.rebuildIndex()
    await other.manager.explainContext('a', { message: asked })
    expect(other.cheap.requests).toHaveLength(1)
  })

  it('never waits longer than it may, and keeps what comes late for the next time', async () => {
    const { script, release } = held()
    const { manager, main, cheap } = await openWith(script, { timeoutMs: 50 })
    await summarizedTalk(manager, PORT)
    expect(await ask(manager, main)).toMatchObject({ status: 'ok', sent: expect.not.stringContaining(PORT) })
    release(terms)
    // The same call answers whoever asks now, or what was kept of it does.
    const later = await manager.explainContext('a', { message: asked })
    expect(JSON.stringify(later.messages)).toContain(PORT)
    expect(cheap.requests).toHaveLength(1)
  })

  it('changes nothing within a turn when the answer is late', async () => {
    const { script, release } = held()
    const dir = testDir()
    const cheap = createScriptedModel(script, { profile: 'cheap' })
    const main = createScriptedModel(
      async (_, position) => {
        if (position > 0) return 'Done.'
        release(terms)
        return { calls: [{ id: '1', name: 'search_messages', arguments: { query: 'tea' } }] }
      },
      { profile: 'main' },
    )
    const manager = await dir.open({
      models: createScriptedModels([main, cheap]),
      context: { maxEchoTokens: 300 },
      recall: { expansionModel: 'cheap', timeoutMs: 50 },
    })
    await summarizedTalk(manager, PORT)
    expect((await (await manager.chat({ workstream: 'a', content: asked })).ended).status).toBe('ok')
    const [first, second] = main.requests.map(({ messages }) =>
      messages.filter(({ role }) => role === 'user').map((message) => textOf(message)),
    )
    expect(main.requests).toHaveLength(2)
    expect(second).toEqual(first)
  })

  const failure = new WorkstreamError('MODEL_FAILED', 'no', { profile: 'cheap', status: 500, problem: 'no' })
  it.each<[string, ModelScript]>([
    ['fails', [{ text: 'warehouse', fails: failure }]],
    ['answers with nothing', ['']],
    ['answers with marks', ['---\n***\n```']],
    ['answers with one endless word', ['warehouse'.repeat(1_000)]],
    ['is not there', () => Promise.reject(new Error('gone'))],
  ])('is as if there were none when the model %s', async (_, script) => {
    const { dir, manager, main } = await openWith(script)
    await summarizedTalk(manager, PORT)
    const plain = await dir.open({
      models: createScriptedModels([createScriptedModel([''], { profile: 'main' })]),
      context: { maxEchoTokens: 300, recentShare: 0.1 },
    })
    for (const message of [asked, 'Which port does the proxy use?'])
      expect(await manager.explainContext('a', { message })).toEqual(
        await plain
          .explainContext('a', { message, model: 'main' })
          .then((context) => ({ ...context, model: 'main/script' })),
      )
    expect((await ask(manager, main)).status).toBe('ok')
  })

  it('is as if there were none when the settings name a model that is not there', async () => {
    const dir = testDir()
    const main = createScriptedModel(['Yes.'], { profile: 'main' })
    const manager = await dir.open({
      models: createScriptedModels([main]),
      recall: { expansionModel: 'nobody' },
    })
    await summarizedTalk(manager, PORT)
    expect((await ask(manager, main)).status).toBe('ok')
    expect(dir.logger.lines).toContainEqual(
      expect.objectContaining({
        message: 'a model for recall cannot be used',
        facts: { code: 'MODEL_PROFILE_UNKNOWN' },
      }),
    )
  })

  it('lets go of a turn that is cancelled, and of a manager that closes, whatever the model does', async () => {
    const never: ModelScript = () => new Promise(() => {})
    const { manager, cheap } = await openWith(never, { timeoutMs: 60_000 })
    await summarizedTalk(manager, PORT)
    const turn = await manager.chat({ workstream: 'a', content: asked })
    await expect.poll(() => cheap.requests.length).toBe(1)
    turn.cancel()
    expect(await turn.ended).toMatchObject({ status: 'cancelled' })
    const other = await manager.chat({ workstream: 'a', content: `${asked} Now.` })
    await expect.poll(() => cheap.requests.length).toBe(2)
    await manager.close()
    expect(await other.ended).toMatchObject({ status: 'interrupted' })
  })

  it('asks nobody while nothing is summarized', async () => {
    const { manager, main, cheap } = await openWith([terms])
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: PORT })
    expect((await ask(manager, main)).status).toBe('ok')
    expect(cheap.requests).toEqual([])
  })
})
