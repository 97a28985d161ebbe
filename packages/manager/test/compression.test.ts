import { WorkstreamError } from '@arawn/core/error'
import type { Message } from '@arawn/core/message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { startBackgroundDuties } from '@arawn/manager/background-duties'
import { describe, expect, it } from 'vitest'
import { dumpOf, expectLevelWithLogs } from './manager-steps.js'
import { testDir } from './open-manager.js'
import { scriptedModels } from './scripted-models.js'

const sentence = (n: number) =>
  `In step ${n} we decided to keep src/part-${n}.ts because the test run ${n} failed with error E${n}; it took ${n} ms.`

async function say(manager: WorkstreamManager, workstream: string, from: number, count: number): Promise<Message[]> {
  const said: Message[] = []
  for (let n = from; n < from + count; n++) {
    said.push(await manager.sendMessage({ workstream, content: `${sentence(n)} What now?` }))
    said.push(await manager.sendMessage({ workstream, role: 'assistant', content: `${sentence(n)} So we go on.` }))
  }
  return said
}

describe('compress', () => {
  it('summarizes sessions that ended, then the workstream, and the model is sent that instead', async () => {
    const dir = testDir()
    const models = scriptedModels(() => 'Fine.')
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await say(manager, 'a', 1, 20)
    await manager.endSession('a')
    await say(manager, 'a', 100, 20)
    await manager.endSession('a')

    const dry = await manager.compress('a', { dryRun: true })
    expect(dry.left.map(({ kind }) => kind)).toEqual(['session', 'session'])
    expect(await manager.listSummaries('a', { all: true })).toEqual([])

    const report = await manager.compress('a')
    expect(report.made.map(({ kind }) => kind)).toEqual(['session', 'session', 'workstream'])
    expect(report.left).toEqual([])
    expect(await manager.compress('a')).toMatchObject({ made: [], left: [] })
    const [used] = await manager.listSummaries('a')
    expect(used).toMatchObject({ kind: 'workstream', coverage: [[1, 80]] })
    expect((await manager.getWorkstream('a')).summary).toBe(used?.summary)

    const turn = await manager.chat({ workstream: 'a', content: 'Where were we?' })
    expect(await turn.ended).toMatchObject({ status: 'ok' })
    const sent = JSON.stringify(models.requests.at(-1)?.messages)
    expect(sent).toContain('src/part-1.ts')
    expect(sent).toContain('[summary of the workstream')
    expect(models.requests.at(-1)?.messages.length).toBeLessThan(8)
    const live = await dumpOf(manager)
    await manager.rebuildIndex()
    expect(await dumpOf(manager)).toEqual(live)
  })

  it('asks the model that the settings name, and leaves a stand-in when it fails', async () => {
    const dir = testDir()
    let works = false
    const models = scriptedModels(() => {
      if (!works) throw new WorkstreamError('MODEL_FAILED', 'no', { profile: 'p', status: 500, problem: 'no' })
      return '## Objective\nKeep the parts.\n\n## Decisions\n- Parts stay because tests failed.\n'
    })
    const manager = await dir.open({ models, compression: { model: 'cheap', retentionTarget: 0 } })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await say(manager, 'a', 1, 20)
    await manager.endSession('a')
    const first = await manager.compress('a')
    expect(first.made[0]?.summary.receipt).toMatchObject({ method: 'extractive', degraded: true })
    expect(models.opened).toContain('cheap')

    works = true
    const second = await manager.compress('a')
    expect(second.made[0]?.summary.receipt).toMatchObject({ method: 'model', model: 'cheap/scripted' })
    expect((await manager.listSummaries('a'))[0]?.summary).toContain('Keep the parts.')
    await expectLevelWithLogs(manager)
  })

  it('happens by itself once a session has ended, and before a context that would be too long', async () => {
    const dir = testDir()
    const models = scriptedModels(() => 'Fine.')
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await say(manager, 'a', 1, 10)
    expect(await manager.compressDue()).toBe(0)
    await manager.endSession('a')
    expect(await manager.compressDue()).toBe(2)
    expect(await manager.compressDue()).toBe(0)

    // 100,000 tokens are the window; this is four times as much, in one session that goes on.
    await manager.createWorkstream({ id: 'b', title: 'B' })
    const long = 'word '.repeat(4_000)
    for (let n = 0; n < 40; n++) {
      await manager.sendMessage({ workstream: 'b', content: `${sentence(n)} ${long}` })
      await manager.sendMessage({ workstream: 'b', role: 'assistant', content: `${sentence(n)} ${long}` })
    }
    expect(await (await manager.chat({ workstream: 'b', content: 'And?' })).ended).toMatchObject({ status: 'ok' })
    const sent = JSON.stringify(models.requests.at(-1))
    expect(sent.length).toBeLessThan(400_000)
    expect(sent).toContain('src/part-1.ts')
    expect((await manager.listSummaries('b')).length).toBeGreaterThan(0)
    await expectLevelWithLogs(manager)
  })

  it('never shuts a workstream: a thousand sessions of a few words each still fit', async () => {
    const dir = testDir()
    const models = scriptedModels(() => 'Fine.')
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    const lines: string[] = []
    const sessions: string[] = []
    for (let n = 1; n <= 1_000; n++) {
      const stamp = 1_768_471_200_000_000 + n * 10
      const timestamp = '2026-01-15T10:00:00.000Z'
      sessions.push(JSON.stringify({ v: 1, stamp, type: 'session_opened', id: `s${n}`, timestamp, imported: true }))
      const content = `${'hm '.repeat(150)}${n}`
      lines.push(
        JSON.stringify({ v: 1, stamp: stamp + 1, id: `m${n}`, session_id: `s${n}`, timestamp, role: 'user', content }),
      )
    }
    dir.appendByHand('a', 'sessions', `${sessions.join('\n')}\n`)
    dir.appendByHand('a', 'messages', `${lines.join('\n')}\n`)
    expect(await (await manager.chat({ workstream: 'a', content: 'Well?' })).ended).toMatchObject({ status: 'ok' })
    await expectLevelWithLogs(manager)
  })

  it('is not done for a paused workstream in the background, and refused for an archived one', async () => {
    const manager = await testDir().open({ models: scriptedModels(() => 'Fine.') })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await say(manager, 'a', 1, 10)
    await manager.endSession('a')
    await manager.pauseWorkstream('a')
    expect(await manager.compressDue()).toBe(0)
    await manager.archiveWorkstream('a')
    await expect(manager.compress('a')).rejects.toMatchObject({ code: 'WORKSTREAM_ARCHIVED' })
  })
})

it('a session that is not there is an error, not one without summaries', async () => {
  const dir = testDir()
  const manager = await dir.open({ models: scriptedModels(() => 'Fine.') })
  for (const id of ['a', 'b']) await manager.createWorkstream({ id, title: id })
  await say(manager, 'a', 1, 10)
  const { id: session } = await manager.endSession('a')
  const before = dir.snapshot()
  const unknown = { code: 'SESSION_NOT_FOUND', details: { workstreamId: 'b', sessionId: session } }
  await expect(manager.compress('b', { session })).rejects.toMatchObject(unknown)
  await expect(manager.compress('b', { session, dryRun: true })).rejects.toMatchObject(unknown)
  await expect(manager.listSummaries('b', { session })).rejects.toMatchObject(unknown)
  expect(dir.snapshot()).toEqual(before)
  expect((await manager.compress('a', { session })).made).toHaveLength(2)
  expect(await manager.listSummaries('a', { session, all: true })).toHaveLength(1)
})

describe('explainContext', () => {
  it('says what would be sent and why, and writes nothing', async () => {
    const dir = testDir()
    const models = scriptedModels(() => 'Fine.')
    const manager = await dir.open({ models })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await expect(manager.explainContext('a')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await say(manager, 'a', 1, 3)
    const before = dir.snapshot()
    const context = await manager.explainContext('a', { message: 'What next?' })
    expect(JSON.stringify(context.messages.at(-1))).toContain('What next?')
    expect(context.parts.map(({ name }) => name)).toEqual(['system', 'tools', 'recent', 'turn'])
    expect(context).toMatchObject({ model: 'default/scripted', windowTokens: 100_000 })
    expect(dir.snapshot()).toEqual(before)
    expect(models.requests).toEqual([])
  })
})

it('background duties summarize what ended, and end turns of dead processes', async () => {
  const dir = testDir()
  const manager = await dir.open({ models: scriptedModels(() => 'Fine.') })
  await manager.createWorkstream({ id: 'a', title: 'A' })
  const [first] = await say(manager, 'a', 1, 10)
  await manager.endSession('a')
  const started = { v: 1, stamp: (first?.stamp ?? 0) + 1_000_000, type: 'turn_started', interaction_id: 'int_1' }
  const rest = { session_id: first?.session_id, message_id: first?.id, timestamp: first?.timestamp, owner: 'run_dead' }
  dir.appendByHand('a', 'sessions', `${JSON.stringify({ ...started, ...rest })}\n`)
  await manager.getWorkstream('a')
  const duties = startBackgroundDuties(manager, { sweepEveryMs: 5, compressEveryMs: 5 })
  const deadline = Date.now() + 20_000
  const isDone = async () =>
    (await manager.listSummaries('a')).length > 0 &&
    dir.recordsOf('a', 'sessions').some(({ type, status }) => type === 'turn_ended' && status === 'interrupted')
  while (!(await isDone()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
  await duties.stop()
  expect(await isDone()).toBe(true)
})

it('a session that goes on for long has its earlier part summarized after a turn', async () => {
  const dir = testDir()
  const models = scriptedModels(() => 'Fine.')
  const manager = await dir.open({ models, compression: { maxHistory: 30, contextWindow: 10 } })
  await manager.createWorkstream({ id: 'a', title: 'A' })
  await say(manager, 'a', 1, 20)
  await (await manager.chat({ workstream: 'a', content: 'And?' })).ended
  await manager.close()
  const rolled = dir.recordsOf('a', 'sessions').filter(({ type }) => type === 'session_summarized')
  expect(rolled).toMatchObject([{ coverage: [[1, expect.any(Number)]] }])
})
