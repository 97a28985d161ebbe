import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { WorkstreamError } from '@arawn/core/error'
import type { ModelMessage } from '@arawn/core/language-model'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { startBackgroundDuties } from '@arawn/manager/background-duties'
import {
  byMeaning,
  createScriptedEmbedder,
  createScriptedEmbedders,
  type EmbedderScript,
} from '@arawn/testkit/scripted-embedder'
import { createScriptedModel, createScriptedModels } from '@arawn/testkit/scripted-model'
import { summarizedTalk } from '@arawn/testkit/summarized-talk'
import { describe, expect, it } from 'vitest'
import { type DataDir, testDir } from './open-manager.js'

const PORT = 'The proxy of the warehouse listens on port 8443.'
// Shares no word with it that counts.
const asked = 'Whereabouts can my browser knock at that storage depot?'
const meanings = byMeaning(['proxy', 'browser'], ['weather', 'rained'])

const textOf = (message: ModelMessage | undefined) => (message?.role === 'user' ? message.content : '')

async function openWith(
  script: EmbedderScript,
  { dir = testDir(), timeoutMs = 5_000 }: { dir?: DataDir; timeoutMs?: number } = {},
) {
  const main = createScriptedModel(['Port 8443.'], { profile: 'main' })
  const embedder = createScriptedEmbedder(script)
  const manager = await dir.open({
    models: createScriptedModels([main]),
    embedders: createScriptedEmbedders(embedder),
    context: { maxEchoTokens: 300, recentShare: 0.1 },
    recall: { embeddingModel: 'embedder', timeoutMs },
  })
  const queries = () => embedder.requests.filter(({ kind }) => kind === 'query')
  const documents = () => embedder.requests.filter(({ kind }) => kind === 'document').flatMap(({ texts }) => texts)
  return { dir, manager, main, queries, documents }
}

const explained = async (manager: WorkstreamManager, message = asked) => {
  const { messages, parts } = await manager.explainContext('a', { message })
  return { text: textOf(messages.at(-1)), recalled: parts.find(({ name }) => name === 'echoes')?.recalled ?? [] }
}

describe('recall by what messages mean', () => {
  it('sends an old message that has no word of the question', async () => {
    const { manager, main, queries } = await openWith(meanings)
    await summarizedTalk(manager, PORT)
    expect(await manager.embedDue()).toBe(81)
    const turn = await (await manager.chat({ workstream: 'a', content: asked })).ended
    const sent = textOf(main.requests.at(-1)?.messages.at(-1))
    expect(turn.status).toBe('ok')
    expect(sent).toContain(`\nuser: ${PORT}\n`)
    expect(sent.endsWith(asked)).toBe(true)
    expect(queries()).toMatchObject([{ texts: [asked], kind: 'query' }])
  })

  it('says so: the part of a score that the vector gave', async () => {
    const { manager, queries } = await openWith(meanings)
    await summarizedTalk(manager, PORT)
    await manager.embedDue()
    expect((await explained(manager)).recalled[0]).toEqual({ sequence: 41, score: 1, scores: { vector: 1 } })
    expect((await explained(manager, 'Which proxy?')).recalled[0]).toEqual({
      sequence: 41,
      score: 2,
      scores: { words: 1, vector: 1 },
    })
    await explained(manager)
    expect(queries()).toHaveLength(2)
  })

  it('is the same after a restart', async () => {
    const { dir, manager } = await openWith(meanings)
    await summarizedTalk(manager, PORT)
    await manager.embedDue()
    const first = await explained(manager)
    await manager.close()
    const other = await openWith(() => Promise.reject(new Error('never asked')), { dir })
    expect(await explained(other.manager)).toEqual(first)
  })

  it('never waits longer than it may, and keeps what comes late for the next time', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const { manager, queries } = await openWith(
      async (request) => {
        if (request.kind === 'query') await held
        return meanings(request)
      },
      { timeoutMs: 50 },
    )
    await summarizedTalk(manager, PORT)
    await manager.embedDue()
    expect((await explained(manager)).text).not.toContain(PORT)
    release()
    expect((await explained(manager)).text).toContain(PORT)
    expect(queries()).toHaveLength(1)
  })

  it('is as if there were none when the embedder fails, or makes no vector', async () => {
    const failure = new WorkstreamError('MODEL_UNREACHABLE', 'no', { profile: 'embedder', errno: 'ECONNREFUSED' })
    for (const query of [() => Promise.reject(failure), () => [], () => [[0, 0, 0]], () => [[1]]]) {
      const { manager, main } = await openWith((request) => (request.kind === 'query' ? query() : meanings(request)))
      await summarizedTalk(manager, PORT)
      await manager.embedDue()
      expect((await explained(manager)).text).not.toContain(PORT)
      expect((await (await manager.chat({ workstream: 'a', content: asked })).ended).status).toBe('ok')
      expect(main.requests).toHaveLength(1)
    }
  })
})

describe('vectors of messages', () => {
  it('are made by the background, of what is said, for messages that come later, too', async () => {
    const { manager, documents } = await openWith(meanings)
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'Hello.' })
    const called = { tool_call_id: '1', tool_name: 'Bash' }
    await manager.sendMessage({
      workstream: 'a',
      role: 'tool_use',
      content: '',
      metadata: { ...called, arguments: {} },
    })
    await manager.sendMessage({ workstream: 'a', role: 'tool_result', content: 'long output', metadata: called })
    const duties = startBackgroundDuties(manager, { embedEveryMs: 5 })
    await expect.poll(documents).toEqual(['Hello.'])
    await manager.sendMessage({ workstream: 'a', role: 'assistant', content: 'Good day.' })
    await expect.poll(documents).toEqual(['Hello.', 'Good day.'])
    await duties.stop()
    expect(await manager.embedDue()).toBe(0)
    expect(documents()).toHaveLength(2)
  })

  it('go on where another process has stopped', async () => {
    const dir = testDir()
    let calls = 0
    const first = await openWith(
      // It never comes back from its second call.
      (request) => (++calls > 1 ? new Promise<never>(() => {}) : meanings(request)),
      { dir },
    )
    await summarizedTalk(first.manager, PORT)
    const under = first.manager.embedDue()
    await expect.poll(() => calls).toBe(2)
    await first.manager.close()
    expect(await under).toBe(0)
    const second = await openWith(meanings, { dir })
    const before = first.documents().slice(0, 64)
    expect(await second.manager.embedDue()).toBe(81 - before.length)
    expect(new Set([...before, ...second.documents()]).size).toBe(81)
    expect((await explained(second.manager)).text).toContain(PORT)
  })

  it('are made anew after a rebuild, the same, and go with their workstream', async () => {
    const { manager, documents } = await openWith(meanings)
    await summarizedTalk(manager, PORT)
    expect(await manager.embedDue()).toBe(81)
    const before = await explained(manager)
    await manager.rebuildIndex()
    expect((await explained(manager)).text).not.toContain(PORT)
    expect(await manager.embedDue()).toBe(81)
    expect(await explained(manager)).toEqual(before)
    expect(before.text).toContain(PORT)
    await manager.purgeWorkstream('a')
    await summarizedTalk(manager, PORT)
    expect((await explained(manager)).text).not.toContain(PORT)
    expect(await manager.embedDue()).toBe(81)
    expect(documents()).toHaveLength(3 * 81)
  })

  it('follow a log that was edited, and never speak for what is not said any more', async () => {
    const { dir, manager, documents } = await openWith(meanings)
    await summarizedTalk(manager, PORT)
    await manager.embedDue()
    const path = dir.log('a', 'messages')
    const log = readFileSync(path, 'utf8')
    // As long as before: nobody but the reader of the line can know.
    const other = 'The roof over the warehouse was painted on May 8.'.slice(0, PORT.length).padEnd(PORT.length, '!')
    writeFileSync(path, log.replace(PORT, other))
    expect((await explained(manager)).text).not.toContain(other)
    // Another length: the index takes the log in afresh.
    writeFileSync(path, log.replace(PORT, 'The roof is red.'))
    await manager.listMessages('a')
    await manager.embedDue()
    expect(documents()).toContain('The roof is red.')
    expect((await explained(manager)).text).not.toContain('The roof is red.')
    expect((await explained(manager)).recalled.some(({ sequence }) => sequence === 41)).toBe(false)
  })

  it('are made by two processes at once, and there once', async () => {
    const dir = testDir()
    const first = await openWith(meanings, { dir })
    const second = await openWith(meanings, { dir })
    await summarizedTalk(first.manager, PORT)
    const made = await Promise.all([first.manager.embedDue(), second.manager.embedDue()])
    const rest = await first.manager.embedDue()
    expect(made.reduce((sum, count) => sum + count, rest)).toBe(81)
    expect(await second.manager.embedDue()).toBe(0)
    expect(await explained(first.manager)).toEqual(await explained(second.manager))
  })

  it('are made of an index that was lost meanwhile', async () => {
    const dir = testDir()
    let calls = 0
    const { manager } = await openWith(
      (request) => {
        if (++calls === 2) rmSync(dir.indexPath)
        return meanings(request)
      },
      { dir },
    )
    await summarizedTalk(manager, PORT)
    await manager.embedDue()
    await manager.embedDue()
    expect((await explained(manager)).text).toContain(PORT)
  })

  it('do not bring back what was moved to another workstream', async () => {
    const { manager } = await openWith(meanings)
    await manager.sendMessage({ content: PORT })
    for (let n = 0; n < 6; n++) await manager.sendMessage({ content: `The weather is fine, says visitor ${n}.` })
    await manager.embedDue()
    await manager.promote({ title: 'Proxy', messages: { first: 1, last: 1 } })
    await manager.endSession('scratch')
    await manager.compress('scratch')
    const { messages } = await manager.explainContext('scratch', { message: asked })
    expect(JSON.stringify(messages)).not.toContain('8443')
  })

  it('wait while a workstream is paused or archived', async () => {
    const { manager, documents } = await openWith(meanings)
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'Hello.' })
    await manager.pauseWorkstream('a')
    expect(await manager.embedDue()).toBe(0)
    await manager.resumeWorkstream('a')
    expect(await manager.embedDue()).toBe(1)
    expect(documents()).toEqual(['Hello.'])
  })

  it('stop at a failure, which leaves the provider alone for a while', async () => {
    let isDown = true
    const { dir, manager, documents } = await openWith((request) => {
      const failure = new WorkstreamError('MODEL_RATE_LIMITED', 'no', { profile: 'embedder', retryAfterMs: null })
      return isDown ? Promise.reject(failure) : meanings(request)
    })
    await manager.createWorkstream({ id: 'a' })
    await manager.sendMessage({ workstream: 'a', content: 'Hello.' })
    await expect(manager.embedDue()).rejects.toMatchObject({ code: 'MODEL_RATE_LIMITED' })
    isDown = false
    expect(await manager.embedDue()).toBe(0)
    expect(documents()).toHaveLength(1)
    dir.clock.advance(30_000)
    expect(await manager.embedDue()).toBe(1)
  })

  it('are made of all texts but the one that the provider refuses', async () => {
    const refusal = new WorkstreamError('MODEL_REFUSED', 'no', { profile: 'embedder', status: 400, problem: 'no' })
    const { manager } = await openWith((request) =>
      request.texts.some((text) => text.includes('day 7 over')) ? Promise.reject(refusal) : meanings(request),
    )
    await summarizedTalk(manager, PORT)
    expect(await manager.embedDue()).toBe(80)
    expect(await manager.embedDue()).toBe(0)
    expect((await explained(manager)).text).toContain(PORT)
  })

  it('are not kept of a provider that refuses everything, however often it is asked', async () => {
    const refusal = new WorkstreamError('MODEL_REFUSED', 'no', {
      profile: 'embedder',
      status: 402,
      problem: 'no money',
    })
    const { dir, manager, documents } = await openWith(() => Promise.reject(refusal))
    await summarizedTalk(manager, PORT)
    await expect(manager.embedDue()).rejects.toMatchObject({ code: 'MODEL_REFUSED' })
    expect(documents().length).toBeLessThan(200)
    await manager.close()
    const again = await openWith(meanings, { dir })
    expect(await again.manager.embedDue()).toBe(81)
  })
})
