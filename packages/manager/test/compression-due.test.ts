import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { startBackgroundDuties } from '@arawn/manager/background-duties'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'
import { scriptedModels } from './scripted-models.js'

const MINUTE_MS = 60_000
// Stamps run ahead of a clock that stands still.
const A_MOMENT_MS = 1_000

const sentence = (n: number) =>
  `In step ${n} we decided to keep src/part-${n}.ts because the test run ${n} failed with error E${n}; it took ${n} ms.`

async function say(manager: WorkstreamManager, workstream: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    await manager.sendMessage({ workstream, content: `${sentence(n)} What now?` })
    await manager.sendMessage({ workstream, role: 'assistant', content: `${sentence(n)} So we go on.` })
  }
}

const dead = () =>
  scriptedModels(() => {
    throw new WorkstreamError('MODEL_UNREACHABLE', 'no', { profile: 'cheap', errno: 'ECONNREFUSED' })
  })

const working = () =>
  scriptedModels(() => '## Objective\nKeep the parts.\n\n## Decisions\n- Parts stay because tests failed.\n')

const compression = { model: 'cheap', retentionTarget: 0 }

/** A session that ended while the provider was down. */
async function withStandIn(dir: DataDir) {
  const models = dead()
  const manager = await dir.open({ models, compression })
  await manager.createWorkstream({ id: 'a', title: 'A' })
  await say(manager, 'a', 10)
  await manager.endSession('a')
  expect(await manager.compressDue()).toBeGreaterThan(0)
  expect((await manager.listSummaries('a')).map(({ receipt }) => receipt?.degraded)).toEqual([true])
  return { manager, models }
}

describe('a degraded summary', () => {
  it('is made anew in the background, by a process that came later', async () => {
    const dir = testDir()
    const { manager, models: before } = await withStandIn(dir)
    expect(before.requests).toHaveLength(1)
    await manager.close()

    dir.clock.advance(MINUTE_MS + A_MOMENT_MS)
    const models = working()
    const later = await dir.open({ models, compression })
    expect(await later.compressDue()).toBe(2)
    expect(models.requests).toHaveLength(1)
    const sent = JSON.stringify(models.requests[0]?.messages)
    for (const n of [1, 10]) expect(sent).toContain(`src/part-${n}.ts`)
    const all = await later.listSummaries('a', { all: true })
    expect(all.slice(-2).map(({ kind, receipt }) => [kind, receipt?.method, receipt?.degraded])).toEqual([
      ['session', 'model', undefined],
      ['workstream', 'model', undefined],
    ])
    expect((await later.listSummaries('a'))[0]?.summary).toContain('Keep the parts.')

    dir.clock.advance(1_000 * MINUTE_MS)
    expect(await later.compressDue()).toBe(0)
    expect(models.requests).toHaveLength(1)
    await expectLevelWithLogs(later)
  })

  it('asks a provider that stays down ever more seldom, and then no more, in this process or another', async () => {
    const dir = testDir()
    const { manager, models } = await withStandIn(dir)
    const asked: number[] = []
    dir.clock.advance(A_MOMENT_MS)
    for (let minute = 0; minute <= 1_440; minute++) {
      const before = models.requests.length
      expect(await manager.compressDue()).toBe(0)
      if (models.requests.length > before) asked.push(minute)
      dir.clock.advance(MINUTE_MS)
    }
    expect(asked).toEqual([1, 12])
    const summaries = await manager.listSummaries('a', { all: true })
    await manager.close()

    const again = dead()
    const later = await dir.open({ models: again, compression })
    await later.compressDue()
    expect(again.requests).toEqual([])
    expect(await later.listSummaries('a', { all: true })).toEqual(summaries)
  })

  it('is what code leaves in the place of a model that cannot be opened', async () => {
    const dir = testDir()
    const open = async () => {
      throw new WorkstreamError('MODEL_KEY_MISSING', 'no key', { profile: 'cheap', variable: 'KEY' })
    }
    const manager = await dir.open({ models: { open, list: async () => [] }, compression })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await say(manager, 'a', 10)
    await manager.endSession('a')
    expect(await manager.compressDue()).toBeGreaterThan(0)
    expect((await manager.listSummaries('a'))[0]?.receipt).toMatchObject({ method: 'extractive', degraded: true })
    await manager.close()

    dir.clock.advance(MINUTE_MS + A_MOMENT_MS)
    const later = await dir.open({ models: working(), compression })
    expect(await later.compressDue()).toBe(2)
    expect((await later.listSummaries('a'))[0]?.receipt).toMatchObject({ method: 'model', model: 'cheap/scripted' })
  })

  it('stays where no model is configured, and in a paused workstream', async () => {
    const dir = testDir()
    const { manager } = await withStandIn(dir)
    await manager.pauseWorkstream('a')
    dir.clock.advance(MINUTE_MS + A_MOMENT_MS)
    const models = working()
    const withModel = await dir.open({ models, compression })
    expect(await withModel.compressDue()).toBe(0)
    await manager.resumeWorkstream('a')
    const without = await dir.open({ models })
    expect(await without.compressDue()).toBe(0)
    expect(models.requests).toEqual([])
    expect(await withModel.compressDue()).toBe(2)
  })
})

describe('a session that goes on', () => {
  const long = { maxHistory: 30, contextWindow: 10 }

  async function untilSummarized(manager: WorkstreamManager, dir: DataDir, workstream: string): Promise<void> {
    const duties = startBackgroundDuties(manager, { compressEveryMs: 5, sweepEveryMs: 60_000, logger: dir.logger })
    onTestFinished(() => duties.stop())
    await expect.poll(() => manager.listSummaries(workstream), { timeout: 20_000, interval: 10 }).not.toEqual([])
    await duties.stop()
  }

  it('has its earlier part summarized while messages are sent and pushed, without a turn', async () => {
    const dir = testDir()
    const manager = await dir.open({ models: scriptedModels(() => 'Fine.'), compression: long })
    for (const id of ['sent', 'pushed']) await manager.createWorkstream({ id, title: id })
    await say(manager, 'sent', 20)
    for (let n = 1; n <= 20; n++) {
      await manager.sendMessage({ workstream: 'pushed', content: sentence(n) })
      await manager.pushAgentMessage({ workstream: 'pushed', content: sentence(n), author: 'ci' })
    }
    for (const id of ['sent', 'pushed']) {
      await untilSummarized(manager, dir, id)
      const summarized = dir.recordsOf(id, 'sessions').filter(({ type }) => type === 'session_summarized')
      expect(summarized).toMatchObject([{ coverage: [[1, expect.any(Number)]] }])
    }
    await expectLevelWithLogs(manager)
  })

  it('is seen by the process that runs duties when another one writes', async () => {
    const dir = testDir()
    const writer = await dir.open()
    await writer.createWorkstream({ id: 'a', title: 'A' })
    await say(writer, 'a', 20)
    const server = await dir.open({ models: scriptedModels(() => 'Fine.'), compression: long })
    await untilSummarized(server, dir, 'a')
    expect((await writer.listSummaries('a'))[0]?.coverage[0]?.[0]).toBe(1)
  })

  it('is looked at again only when there is more of it', async () => {
    const dir = testDir()
    const models = working()
    const manager = await dir.open({ models, compression: { ...compression, ...long } })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    await say(manager, 'a', 20)
    expect(await manager.compressDue()).toBe(1)
    for (let look = 0; look < 5; look++) expect(await manager.compressDue()).toBe(0)
    expect(models.requests).toHaveLength(1)
    await say(manager, 'a', 20)
    expect(await manager.compressDue()).toBe(1)
    expect(models.requests).toHaveLength(2)
    await manager.pauseWorkstream('a')
    await say(manager, 'a', 20)
    expect(await manager.compressDue()).toBe(0)
  })
})
