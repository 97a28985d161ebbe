import { WorkstreamError } from '@arawn/core/error'
import type { Summary } from '@arawn/core/summary'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createFaultyFileSystem } from '@arawn/testkit/faulty-file-system'
import { describe, expect, it } from 'vitest'
import { type BatchingModels, batchingModels, goodSummary } from './batching-models.js'
import { dumpOf, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'
import { scriptedModels } from './scripted-models.js'

const HOUR = 3_600_000
const compression = { model: 'cheap', batch: true, retentionTarget: 0 }

async function twoSessions(manager: WorkstreamManager, id = 'a'): Promise<void> {
  await manager.createWorkstream({ id, title: id.toUpperCase() })
  for (const session of [1, 2]) await oneSession(manager, id, session * 100)
}

async function oneSession(manager: WorkstreamManager, workstream: string, from: number): Promise<void> {
  for (let n = from; n < from + 6; n++)
    await manager.sendMessage({
      workstream,
      content: `In step ${n} we decided to keep src/part-${n}.ts because the run ${n} failed with E${n} after ${n} ms.`,
    })
  await manager.endSession(workstream)
}

/** Two sessions that ended, and a provider with batches. */
async function start(models = batchingModels()) {
  const dir = testDir()
  const open = () => dir.open({ models, compression })
  const manager = await open()
  await twoSessions(manager)
  return { dir, models, open, manager }
}

const kinds = ['compression_claimed', 'compression_submitted', 'compression_collected']

/** What the log says of batches: `claimed`, `submitted msgbatch_1`, `collected ended`. */
function told(dir: DataDir, workstream = 'a'): string[] {
  return dir
    .recordsOf(workstream, 'workstream')
    .filter(({ type }) => kinds.includes(String(type)))
    .map(({ type, batch_id = '', outcome = '' }) => `${type} ${batch_id}${outcome}`.slice('compression_'.length).trim())
}

async function sessionSummaries(manager: WorkstreamManager): Promise<Summary[]> {
  return (await manager.listSummaries('a', { all: true })).filter(({ kind }) => kind === 'session')
}

const textOf = (models: BatchingModels, batch: number, position: number) =>
  JSON.stringify(models.submitted[batch]?.[position]?.request.messages)

describe('work that nobody waits for', () => {
  it('is heard of by those who follow, when it is handed over and when nothing more comes of it', async () => {
    const { dir, models, open, manager } = await start()
    await manager.compressDue()
    models.now = { state: 'ended' }
    dir.clock.advance(60_000)
    const other = await open()
    await other.compressDue()
    const told: string[] = []
    for await (const { type } of manager.subscribe({ since: 0 })) {
      if (/compress|summar/.test(type)) told.push(type)
      if (type === 'workstream.summarized') break
    }
    expect(told).toEqual([
      'compression.started',
      'session.summarized',
      'session.summarized',
      'compression.completed',
      'workstream.summarized',
    ])
  })

  it('is submitted once, as one batch of a workstream, and summarized from its answers', async () => {
    const { dir, models, manager } = await start()
    expect(await manager.compressDue()).toBe(0)
    expect(models.submitted.map((requests) => requests.length)).toEqual([2])
    expect(textOf(models, 0, 0)).toContain('src/part-100.ts')
    expect(textOf(models, 0, 1)).toContain('src/part-200.ts')
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1'])

    // While it runs nothing else is done, and it is not asked after all the time.
    await manager.sendMessage({ workstream: 'a', content: 'Hello again.' })
    expect(await manager.compressDue()).toBe(0)
    expect(models).toMatchObject({ looked: [], requests: [] })
    dir.clock.advance(60_000)
    expect(await manager.compressDue()).toBe(0)
    expect(models).toMatchObject({ looked: ['msgbatch_1'], requests: [] })

    models.now = { state: 'ended' }
    dir.clock.advance(60_000)
    expect(await manager.compressDue()).toBe(3)
    const summaries = await sessionSummaries(manager)
    expect(summaries.map(({ summary }) => summary.includes('Keep the parts of batch'))).toEqual([true, true])
    expect(summaries.map(({ receipt }) => receipt)).toMatchObject(
      Array(2).fill({
        method: 'model',
        model: 'cheap/scripted',
        batch_id: 'msgbatch_1',
        input_tokens: 1_000,
        output_tokens: 100,
        // Half of what the same answer costs by itself.
        cost_usd: 50,
      }),
    )
    // Only the workstream's summary was asked for directly: it follows from the others.
    expect(models.requests).toHaveLength(1)
    expect(JSON.stringify(models.requests[0])).toContain('summaries of the sessions of one conversation')
    const [used] = await manager.listSummaries('a')
    expect(used?.kind).toBe('workstream')
    expect(used?.receipt?.batch_id).toBeUndefined()
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1', 'collected ended'])

    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(0)
    expect(models).toMatchObject({ looked: ['msgbatch_1', 'msgbatch_1'] })
    await expectLevelWithLogs(manager)
  })

  it('goes on in another process, and a second one submits nothing', async () => {
    const { dir, models, open, manager } = await start()
    await manager.compressDue()
    await manager.close()
    const [second, third] = [await open(), await open()]
    expect(await second.compressDue()).toBe(0)
    expect(await third.compressDue()).toBe(0)
    expect(models.submitted).toHaveLength(1)
    models.now = { state: 'ended' }
    const fourth = await open()
    expect(await fourth.compressDue()).toBe(3)
    expect(await third.compressDue()).toBe(0)
    expect((await sessionSummaries(third)).map(({ receipt }) => receipt?.batch_id)).toEqual([
      'msgbatch_1',
      'msgbatch_1',
    ])
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1', 'collected ended'])
    await expectLevelWithLogs(third)
  })

  it('is submitted by one of two processes that look at the same moment', async () => {
    const { dir, models, open, manager } = await start()
    const other = await open()
    let looked = -1
    models.now = {
      state: 'running',
      whileSubmitting: async () => {
        looked = await other.compressDue()
      },
    }
    expect(await manager.compressDue()).toBe(0)
    expect(looked).toBe(0)
    await Promise.all([manager.compressDue(), other.compressDue()])
    expect(models).toMatchObject({ submitted: [expect.anything()], requests: [] })
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1'])
  })

  it('is submitted by the first of two processes that planned the same', async () => {
    const { dir, models, open, manager } = await start()
    const other = await open()
    models.now = {
      state: 'running',
      whileRendering: async () => {
        models.now = { state: 'running' }
        await other.compressDue()
      },
    }
    expect(await manager.compressDue()).toBe(0)
    expect(models).toMatchObject({ submitted: [expect.anything()], requests: [] })
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1'])
  })

  it('that comes while a batch runs has a batch of its own', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    await oneSession(manager, 'a', 300)
    await manager.compressDue()
    expect(models.submitted.map((requests) => requests.length)).toEqual([2, 1])
    expect(textOf(models, 1, 0)).toContain('src/part-300.ts')
    models.now = { state: 'ended' }
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(4)
    expect(models.requests).toHaveLength(1)
    await expectLevelWithLogs(manager)
  })

  it('of a request without an answer is asked directly, and no other', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    models.now = { state: 'ended', answer: (_, n) => (n === 1 ? undefined : { text: goodSummary('batch') }) }
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(3)
    const [failed, reduce] = models.requests.map((request) => JSON.stringify(request.messages))
    expect(failed).toContain('src/part-200.ts')
    expect(failed).not.toContain('src/part-100.ts')
    expect(reduce).toContain('summaries of the sessions')
    expect(models.requests).toHaveLength(2)
    expect((await sessionSummaries(manager)).map(({ receipt }) => receipt?.batch_id)).toEqual(['msgbatch_1', undefined])
  })

  it('with an answer that is no good is asked for once more, directly, with what was wrong', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    models.now = { state: 'ended', answer: (_, n) => (n === 1 ? { text: '' } : { text: goodSummary('batch') }) }
    dir.clock.advance(HOUR)
    await manager.compressDue()
    expect(JSON.stringify(models.requests[0])).toContain('An earlier answer could not be used: it was empty')
    const [, corrected] = await sessionSummaries(manager)
    expect(corrected?.receipt).toMatchObject({ method: 'model', batch_id: 'msgbatch_1' })
    expect(corrected?.receipt?.input_tokens).toBe(1_010)
  })

  it('is done directly, and never handed over, for a session that goes on', async () => {
    const dir = testDir()
    const models = batchingModels()
    const manager = await dir.open({ models, compression: { ...compression, maxHistory: 10, contextWindow: 2 } })
    await twoSessions(manager)
    for (let n = 0; n < 14; n++) await manager.sendMessage({ workstream: 'a', content: `Of src/now-${n}.ts: E${n}.` })
    await manager.compressDue()
    expect(JSON.stringify(models.submitted)).not.toContain('src/now-')
    expect(JSON.stringify(models.requests)).toContain('src/now-')
  })
})

describe('a batch that brings nothing', () => {
  it.each(['gone', 'expired'] as const)('because it is %s is done directly, and not handed over again', async (how) => {
    const { dir, models, open, manager } = await start()
    models.now = { state: 'running', expiresAtMs: dir.clock.nowMs() + 2 * HOUR }
    await manager.compressDue()
    if (how === 'gone') models.now = { state: 'gone' }
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(how === 'gone' ? 3 : 0)
    dir.clock.advance(HOUR + 1)
    expect(await manager.compressDue()).toBe(how === 'gone' ? 0 : 3)
    expect(models.submitted).toHaveLength(1)
    expect(models.requests).toHaveLength(3)
    expect((await sessionSummaries(manager)).map(({ receipt }) => receipt?.batch_id)).toEqual([undefined, undefined])
    expect(told(dir).at(-1)).toBe(`collected ${how}`)
    expect(await (await open()).compressDue()).toBe(0)
    await expectLevelWithLogs(manager)
  })

  it('says so in the log first: who dies then is followed by somebody who asks directly', async () => {
    const { dir, models, open, manager } = await start()
    await manager.compressDue()
    await manager.close()
    const [claim] = dir.recordsOf('a', 'workstream').filter(({ type }) => type === 'compression_claimed')
    const stamp = Number(claim?.stamp) + 1_000_000
    const collected = { v: 1, stamp, type: 'compression_collected', timestamp: claim?.timestamp, id: claim?.id }
    dir.appendByHand('a', 'workstream', `${JSON.stringify({ ...collected, outcome: 'expired' })}\n`)
    const next = await open()
    expect(await next.compressDue()).toBe(3)
    expect(models.submitted).toHaveLength(1)
    expect(models.looked).toEqual([])
  })

  it('and never said when it expires is waited for a day and an hour', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    dir.clock.advance(24.9 * HOUR)
    expect(await manager.compressDue()).toBe(0)
    dir.clock.advance(0.2 * HOUR)
    expect(await manager.compressDue()).toBe(3)
    expect(models.submitted).toHaveLength(1)
  })

  it('in time, but was answered, is taken whenever somebody looks', async () => {
    const { dir, models, open, manager } = await start()
    models.now = { state: 'running', expiresAtMs: dir.clock.nowMs() + HOUR }
    await manager.compressDue()
    await manager.close()
    dir.clock.advance(100 * HOUR)
    models.now = { state: 'ended' }
    expect(await (await open()).compressDue()).toBe(3)
    expect(told(dir).at(-1)).toBe('collected ended')
    expect(models.requests).toHaveLength(1)
  })

  it('because the provider cannot be reached is waited for until it expires', async () => {
    const { dir, models, manager } = await start()
    models.now = { state: 'unreachable', expiresAtMs: dir.clock.nowMs() + 2 * HOUR }
    await manager.compressDue()
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(0)
    expect(dir.logger.lines.map(({ facts }) => facts.code)).toContain('MODEL_UNREACHABLE')
    dir.clock.advance(HOUR + 1)
    expect(await manager.compressDue()).toBe(3)
    expect(told(dir).at(-1)).toBe('collected expired')
  })

  it.each([
    [
      'MODEL_RATE_LIMITED',
      new WorkstreamError('MODEL_RATE_LIMITED', 'wait', { profile: 'cheap', retryAfterMs: 90_000 }),
    ],
    ['MODEL_UNREACHABLE', new WorkstreamError('MODEL_UNREACHABLE', 'no', { profile: 'cheap', errno: 'ENOTFOUND' })],
  ])('because the provider says %s is handed over again later, not done directly for more', async (_, no) => {
    const { dir, models, manager } = await start()
    await twoSessions(manager, 'b')
    models.now = { state: 'running', refusesToSubmit: no }
    expect(await manager.compressDue()).toBe(0)
    expect(await manager.compressDue()).toBe(0)
    const claims = [...told(dir), ...told(dir, 'b')]
    expect(claims.filter((line) => line === 'collected busy').length).toBe(claims.length / 2)
    models.now = { state: 'running' }
    dir.clock.advance(59_000)
    expect(await manager.compressDue()).toBe(0)
    expect(models).toMatchObject({ submitted: [], requests: [] })
    dir.clock.advance(40_000)
    expect(await manager.compressDue()).toBe(0)
    expect(models.submitted.map((requests) => requests.length)).toEqual([2, 2])
    expect(models.requests).toEqual([])
    await expectLevelWithLogs(manager)
  })

  it('because the provider never has time is done directly in the end', async () => {
    const { dir, models, manager } = await start()
    const no = new WorkstreamError('MODEL_RATE_LIMITED', 'wait', { profile: 'cheap', retryAfterMs: null })
    models.now = { state: 'running', refusesToSubmit: no }
    for (let look = 0; look < 3; look++) {
      expect(await manager.compressDue()).toBe(0)
      dir.clock.advance(HOUR)
    }
    expect(await manager.compressDue()).toBe(3)
    expect(told(dir).filter((line) => line === 'collected busy')).toHaveLength(3)
  })

  it('because the provider did not take it is done directly at once', async () => {
    const { dir, models, manager } = await start()
    const refusesToSubmit = new WorkstreamError('MODEL_REFUSED', 'no', { profile: 'cheap', status: 400, problem: 'no' })
    models.now = { state: 'running', refusesToSubmit }
    expect(await manager.compressDue()).toBe(3)
    expect(told(dir)).toEqual(['claimed', 'collected failed'])
    expect(models.requests).toHaveLength(3)
  })
})

describe('a claim', () => {
  it('of a process that died before it could say whether the batch was taken is lost, and the work handed over anew', async () => {
    const { dir, models, open, manager } = await start()
    await manager.compressDue()
    await manager.close()
    const lines = dir.bytesOf('a', 'workstream').split('\n')
    dir.writeByHand('a', 'workstream', lines.filter((line) => !line.includes('compression_submitted')).join('\n'))
    const next = await open()
    expect(await next.compressDue()).toBe(0)
    expect(models.submitted).toHaveLength(2)
    expect(told(dir)).toEqual(['claimed', 'collected lost', 'claimed', 'submitted msgbatch_2'])
    await expectLevelWithLogs(next)
  })

  it('that an error left behind is lost, although its process lives', async () => {
    const dir = testDir()
    const models = batchingModels()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const manager = await dir.open({ models, compression, fileSystem })
    await twoSessions(manager)
    models.now = {
      state: 'running',
      whileSubmitting: async () => {
        fileSystem.inject({ operation: 'write', path: 'workstream.jsonl', times: 9, errno: 'ENOSPC' })
      },
      refusesToSubmit: new WorkstreamError('MODEL_REFUSED', 'no', { profile: 'cheap', status: 400, problem: 'no' }),
    }
    await expect(manager.compressDue()).rejects.toMatchObject({ code: 'LOG_FULL' })
    fileSystem.heal()
    models.now = { state: 'running' }
    expect(await manager.compressDue()).toBe(0)
    expect(told(dir)).toEqual(['claimed', 'collected lost', 'claimed', 'submitted msgbatch_1'])
    await expectLevelWithLogs(manager)
  })

  it('is honoured as long as its process lives', async () => {
    const { dir, models, open, manager } = await start()
    const other = await open()
    let finish = () => {}
    models.now = { state: 'running', whileSubmitting: () => new Promise((resolve) => (finish = resolve)) }
    const submitting = manager.compressDue()
    await expect.poll(() => told(dir)).toEqual(['claimed'])
    dir.clock.advance(HOUR)
    expect(await other.compressDue()).toBe(0)
    expect(models).toMatchObject({ submitted: [], requests: [] })
    finish()
    await submitting
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1'])
  })
})

describe('a submission', () => {
  it('that is under way when all stops is written down all the same', async () => {
    const { dir, models, open, manager } = await start()
    const stopping = new AbortController()
    models.now = {
      state: 'running',
      whileSubmitting: async (signal) => {
        stopping.abort()
        // The provider takes its time.
        await new Promise((resolve) => setTimeout(resolve, 20))
        signal?.throwIfAborted()
      },
    }
    expect(await manager.compressDue({ signal: stopping.signal })).toBe(0)
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1'])
    await manager.close()
    models.now = { state: 'ended' }
    expect(await (await open()).compressDue()).toBe(3)
    expect(models.submitted).toHaveLength(1)
  })

  it('that cannot be written down now is written down later, and not made again', async () => {
    const dir = testDir()
    const models = batchingModels()
    const fileSystem = createFaultyFileSystem(nodeFileSystem)
    const manager = await dir.open({ models, compression, fileSystem })
    await twoSessions(manager)
    const fault = { operation: 'write', path: 'workstream.jsonl', times: 9, errno: 'ENOSPC' } as const
    models.now = { state: 'running', whileSubmitting: async () => fileSystem.inject(fault) }
    await expect(manager.compressDue()).rejects.toMatchObject({ code: 'LOG_FULL' })
    fileSystem.heal()
    models.now = { state: 'ended' }
    expect(await manager.compressDue()).toBe(0)
    expect(told(dir)).toEqual(['claimed', 'submitted msgbatch_1'])
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(3)
    expect(models.submitted).toHaveLength(1)
    await expectLevelWithLogs(manager)
  })
})

describe('beside a batch', () => {
  it('a compression by hand does not wait, and the batch ends unwanted', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    expect((await manager.compress('a', { dryRun: true })).left.map(({ problem }) => problem)).toEqual([
      'in_batch',
      'in_batch',
    ])
    const { made } = await manager.compress('a')
    expect(made.map(({ kind }) => kind)).toEqual(['session', 'session', 'workstream'])
    expect(models.requests).toHaveLength(3)
    models.now = { state: 'ended' }
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(0)
    expect(models.looked).toEqual([])
    expect(told(dir).at(-1)).toBe('collected unwanted')
    expect(await sessionSummaries(manager)).toHaveLength(2)
    await expectLevelWithLogs(manager)
  })

  it('a compression by hand of one session leaves the other one to it', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    const [session] = (await manager.listSessions('a', { limit: 1 })).items
    expect((await manager.compress('a', { session: session?.id })).made.map(({ kind }) => kind)).toEqual(['session'])
    models.now = { state: 'ended' }
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(2)
    expect((await sessionSummaries(manager)).map(({ receipt }) => receipt?.batch_id)).toEqual([undefined, 'msgbatch_1'])
  })

  it('a turn that needs room makes a stand-in, which the answer takes the place of', async () => {
    const dir = testDir()
    const models = batchingModels()
    const manager = await dir.open({ models, compression })
    await manager.createWorkstream({ id: 'a', title: 'A' })
    const long = 'word '.repeat(4_000)
    for (let n = 0; n < 30; n++)
      await manager.sendMessage({ workstream: 'a', content: `We keep src/part-${n}.ts: E${n}. ${long}` })
    await manager.endSession('a')
    await manager.compressDue()
    expect(models.submitted).toHaveLength(1)
    await (await manager.chat({ workstream: 'a', content: 'And?' })).ended
    expect((await sessionSummaries(manager)).map(({ receipt }) => receipt?.degraded)).toEqual([true])
    expect(models.submitted).toHaveLength(1)
    models.now = { state: 'ended' }
    dir.clock.advance(HOUR)
    await manager.compressDue()
    expect((await sessionSummaries(manager)).at(-1)?.receipt).toMatchObject({ method: 'model', batch_id: 'msgbatch_1' })
    await expectLevelWithLogs(manager)
  })

  it('a process without the key leaves the work alone', async () => {
    const { dir, manager } = await start()
    await manager.compressDue()
    const keyless = await dir.open({
      compression,
      models: {
        open: async () => {
          throw new WorkstreamError('MODEL_KEY_MISSING', 'no key', { profile: 'cheap', variable: 'K' })
        },
        list: async () => [],
      },
    })
    expect(await keyless.compressDue()).toBe(0)
    expect(await sessionSummaries(keyless)).toEqual([])
  })

  it('another model in the settings takes its answers all the same', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    await manager.close()
    const next = await dir.open({ models, compression: { ...compression, model: 'other', batch: false } })
    expect(await next.compressDue()).toBe(0)
    models.now = { state: 'ended' }
    dir.clock.advance(HOUR)
    expect(await next.compressDue()).toBe(3)
    expect(models.submitted).toHaveLength(1)
    expect((await sessionSummaries(next)).map(({ receipt }) => receipt?.batch_id)).toEqual(['msgbatch_1', 'msgbatch_1'])
  })

  it('a paused workstream rests, and goes on afterwards', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    await manager.pauseWorkstream('a')
    models.now = { state: 'ended' }
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(0)
    expect(models.looked).toEqual([])
    await manager.resumeWorkstream('a')
    expect(await manager.compressDue()).toBe(3)
  })

  it('a workstream that comes back from the trash takes its answers', async () => {
    const { dir, models, manager } = await start()
    await manager.compressDue()
    await manager.purgeWorkstream('a')
    models.now = { state: 'ended' }
    dir.clock.advance(HOUR)
    expect(await manager.compressDue()).toBe(0)
    await manager.restoreFromTrash('a')
    expect(await manager.compressDue()).toBe(3)
    await expectLevelWithLogs(manager)
  })

  it('is off unless it is set, and asked for of a model without batches it is said once', async () => {
    const dir = testDir()
    const models = batchingModels()
    const without = await dir.open({ models, compression: { ...compression, batch: false } })
    await twoSessions(without)
    expect(await without.compressDue()).toBe(3)
    expect(models.submitted).toEqual([])

    const plain = scriptedModels((_, position) => goodSummary(position))
    const manager = await dir.open({ models: plain, compression })
    await twoSessions(manager, 'b')
    await twoSessions(manager, 'c')
    expect(await manager.compressDue()).toBe(6)
    const warnings = dir.logger.lines.filter(({ message }) => message.includes('no batches'))
    expect(warnings).toMatchObject([{ facts: { model: 'cheap/scripted' } }])
    expect(told(dir, 'b')).toEqual([])
  })
})

it('lines of batches that somebody wrote by hand are taken as far as they go, and rows follow them', async () => {
  const { dir, manager } = await start()
  await manager.compressDue()
  const stamp = 4_000_000_000_000_000
  const timestamp = '2026-01-15T10:00:00Z'
  const lines = [
    { type: 'compression_submitted', id: 'nobody', batch_id: 'x' },
    { type: 'compression_collected', id: 'nobody', outcome: 'ended' },
    { type: 'compression_claimed', id: 'mine', model: 'other/one', keys: ['k'], owner: 'me' },
    { type: 'compression_claimed', id: 'mine', model: 'again/one', keys: ['k'], owner: 'me' },
    { type: 'compression_submitted', id: 'mine', batch_id: 'x', expires_at: '2026-01-16T12:00:00+02:00' },
    { type: 'compression_submitted', id: 'mine', batch_id: 'y' },
    { type: 'compression_collected', id: 'mine', outcome: 'of another day' },
    { type: 'compression_claimed', id: 'none', model: 'other/one', keys: [], owner: 'me' },
  ]
  const text = lines.map((line, n) => JSON.stringify({ v: 1, stamp: stamp + n, timestamp, ...line })).join('\n')
  dir.appendByHand('a', 'workstream', `${text}\n`)
  await manager.getWorkstream('a')
  const rows = (await dumpOf(manager)).filter((row) => row.startsWith('compression_batches') && row.includes('"mine"'))
  expect(rows).toHaveLength(1)
  expect(rows[0]).toContain('"batch_id":"x"')
  expect(rows[0]).toContain('"expires_at":"2026-01-16T10:00:00.000Z"')
  expect(rows[0]).toContain('"outcome":null')
  const counted = (await manager.verify()).anomalies.map(({ kind }) => kind)
  expect(counted).toEqual([
    'unknown_batch',
    'unknown_batch',
    'duplicate_id',
    'unknown_batch',
    'invalid_record',
    'invalid_record',
  ])
  await expectLevelWithLogs(manager)
  expect(await manager.compressDue()).toBe(0)
})
