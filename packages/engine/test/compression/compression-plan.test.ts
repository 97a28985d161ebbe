import type { Summary } from '@arawn/core/summary'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CompressionAttempt,
  type CompressionJob,
  type CompressionPolicy,
  type LineToCompress,
  needsLines,
  type PlanOccasion,
  planCompression,
  type SessionToCompress,
} from '../../src/compression-plan.js'
import { coverageOf, covers } from '../../src/coverage.js'
import { type SummaryInputs, summarizeWithModel } from '../../src/summarize-with-model.js'
import { PROMPT_VERSION } from '../../src/summary-prompt.js'
import { said } from './conversation.js'
import { quarterCounter, scriptedModel } from './scripted-model.js'

const policy: CompressionPolicy = {
  enabled: true,
  minMessages: 4,
  maxHistory: 12,
  contextWindow: 6,
  tokenThresholdChars: 4_000,
  maxSummaryTokens: 400,
  retentionTarget: 0.9,
  maxAttempts: 3,
}
const occasion: PlanOccasion = {
  why: 'session_end',
  model: 'm',
  promptVersion: PROMPT_VERSION,
  hash: (text) => `h:${text}`,
}

function lines(from: number, count: number, chars = 100): LineToCompress[] {
  return Array.from({ length: count }, (_, n) => ({
    sequence: from + n,
    id: `msg_${from + n}`,
    stamp: from + n,
    chars,
    startsTurn: n % 3 === 0,
  }))
}

function session(id: string, messages: LineToCompress[], more: Partial<SessionToCompress> = {}): SessionToCompress {
  return { id, status: 'ended', messages, visible: coverageOf(messages.map(({ sequence }) => sequence)), ...more }
}

const receipt = {
  method: 'model',
  model: 'm',
  prompt_version: 1,
  key: 'k',
  input_tokens: 1,
  output_tokens: 1,
  kept: 0,
  of: 0,
  dropped: {},
} as const
const summary = (id: string, from: number, to: number, more: object = {}) => ({
  id,
  coverage: [[from, to]] as [number, number][],
  receipt: { ...receipt, ...more },
})

const plan = (
  sessions: SessionToCompress[],
  more: {
    summary?: Summary | ReturnType<typeof summary>
    attempts?: CompressionAttempt[]
    policy?: Partial<CompressionPolicy>
    occasion?: Partial<PlanOccasion>
  } = {},
) =>
  planCompression(
    { sessions, attempts: more.attempts ?? [], ...(more.summary && { summary: more.summary }) },
    { ...policy, ...more.policy },
    { ...occasion, ...more.occasion },
  )
const short = ({ kind, reason }: CompressionJob) => `${kind} ${reason}`

describe('planCompression', () => {
  it('summarizes a session that has ended, the workstream once all of them are done', () => {
    const sessions = [
      session('ses_1', lines(1, 5)),
      session('ses_2', lines(6, 5), { summary: summary('sum_2', 6, 10) }),
    ]
    expect(plan(sessions).jobs).toMatchObject([
      { kind: 'session', sessionId: 'ses_1', coverage: [[1, 5]], read: [[1, 5]], reason: 'session_end' },
    ])
    expect(plan(sessions, { occasion: { why: 'startup' } }).jobs.map(short)).toEqual(['session startup'])
    const done = [session('ses_1', lines(1, 5), { summary: summary('sum_1', 1, 5) }), ...sessions.slice(1)]
    expect(plan(done).jobs).toMatchObject([{ kind: 'workstream', coverage: [[1, 10]], summaryIds: ['sum_1', 'sum_2'] }])
    expect(plan(done, { summary: summary('sum_w', 1, 10, { inputs: ['sum_1', 'sum_2'] }) }).jobs).toEqual([])
    expect(plan(done, { summary: summary('sum_w', 1, 5, { inputs: ['sum_1'] }) }).jobs).toMatchObject([
      { kind: 'workstream', coverage: [[1, 10]], previousId: 'sum_w', summaryIds: ['sum_2'] },
    ])
  })

  it('leaves short sessions alone, until they are long together', () => {
    const sessions = [session('ses_1', lines(1, 2, 1_500)), session('ses_2', lines(3, 1, 1_500))]
    expect(plan(sessions).jobs.map(short)).toEqual(['session token_threshold', 'session token_threshold'])
    expect(plan(sessions.slice(1)).jobs).toEqual([])
  })

  it('rolls the earlier part of a long running session, cut where a turn begins', () => {
    const active = (count: number, chars = 100) => session('ses_1', lines(1, count, chars), { status: 'active' })
    expect(plan([active(12)]).jobs).toEqual([])
    expect(plan([active(14)]).jobs).toMatchObject([
      { kind: 'rolling', coverage: [[1, 6]], read: [[1, 6]], reason: 'max_history' },
    ])
    expect(plan([active(11, 500)]).jobs).toEqual([])
    expect(plan([active(12, 500)]).jobs).toMatchObject([{ coverage: [[1, 6]], reason: 'token_threshold' }])
    const rolled = { ...active(19), summary: summary('sum_1', 1, 6) }
    expect(plan([rolled]).jobs).toMatchObject([{ previousId: 'sum_1', coverage: [[1, 12]], read: [[7, 12]] }])
    const noTurns = {
      ...active(40),
      messages: lines(1, 40).map((line) => ({ ...line, startsTurn: line.sequence === 1 })),
    }
    expect(plan([noTurns]).jobs).toEqual([])
  })

  it('makes anew what covers hidden messages, and says which summaries those are', () => {
    const hidden = lines(1, 9).filter(({ sequence }) => sequence !== 3)
    const sessions = [session('ses_1', hidden, { summary: summary('sum_1', 1, 9) })]
    const made = plan(sessions, { summary: summary('sum_w', 1, 9, { inputs: ['sum_1'] }) })
    expect(made.stale).toEqual(['sum_1', 'sum_w'])
    expect(made.jobs).toMatchObject([
      {
        kind: 'session',
        coverage: [
          [1, 2],
          [4, 9],
        ],
      },
    ])
    const later = [session('ses_1', lines(1, 9), { summary: summary('sum_1', 1, 6) })]
    expect(plan(later)).toMatchObject({ jobs: [{ kind: 'session', coverage: [[1, 9]] }], stale: [] })
    const all = [session('ses_1', [], { summary: summary('sum_1', 1, 9) })]
    expect(plan(all)).toEqual({ jobs: [], stopped: [], stale: ['sum_1'] })
  })

  it('makes the workstream anew when a session that it holds was made anew', () => {
    const sessions = [session('ses_1', lines(1, 5), { summary: summary('sum_3', 1, 5) })]
    const made = plan(sessions, { summary: summary('sum_w', 1, 5, { inputs: ['sum_1'] }) })
    expect(made).toMatchObject({ jobs: [{ kind: 'workstream', summaryIds: ['sum_3'] }], stale: ['sum_w'] })
    expect(made.jobs[0]).not.toHaveProperty('previousId')
  })

  it('leaves what somebody wrote by hand as it is', () => {
    const byHand = { id: 'sum_w', coverage: [[1, 5]] as [number, number][] }
    const sessions = [session('ses_1', lines(1, 5), { summary: { id: 'sum_1', coverage: [[1, 5]] } })]
    expect(plan(sessions, { summary: byHand as Summary }).jobs).toEqual([])
  })

  it('tries a stand-in again, last, at most so many times, and says that it stopped', () => {
    const degraded = session('ses_1', lines(1, 5), { summary: summary('sum_1', 1, 5, { degraded: true }) })
    const sessions = [degraded, session('ses_2', lines(6, 5))]
    const first = plan(sessions)
    expect(first.jobs.map(short)).toEqual(['session session_end', 'session degraded_retry'])
    const key = first.jobs[1]?.key ?? ''
    const attempt = { key, outcome: 'degraded' } as const
    expect(plan([degraded], { attempts: [attempt, attempt] }).jobs.map(short)).toContain('session degraded_retry')
    expect(plan([degraded], { attempts: [attempt, attempt, attempt] })).toMatchObject({
      jobs: [{ kind: 'workstream' }],
      stopped: [{ kind: 'session', sessionId: 'ses_1', key, reason: 'max_attempts' }],
    })
    expect(
      plan([degraded], { attempts: [attempt, attempt, attempt], occasion: { why: 'manual' } }).jobs.map(short),
    ).toContain('session manual')
    expect(plan([degraded], { attempts: [attempt, attempt, attempt], occasion: { model: 'another' } }).stopped).toEqual(
      [],
    )
  })

  it('does not try twice what cannot become smaller', () => {
    const sessions = [session('ses_1', lines(1, 5))]
    const [job] = plan(sessions).jobs
    const attempts = [{ key: job?.key ?? '', outcome: 'not_smaller' } as const]
    expect(plan(sessions, { attempts })).toMatchObject({ jobs: [], stopped: [{ reason: 'not_smaller' }] })
  })

  it('does nothing by itself when it is switched off, but what somebody asks for', () => {
    const sessions = [session('ses_1', lines(1, 2)), session('ses_2', lines(3, 8))]
    expect(plan(sessions, { policy: { enabled: false } }).jobs).toEqual([])
    const manual = { why: 'manual', sessionId: 'ses_1' } as const
    expect(plan(sessions, { policy: { enabled: false }, occasion: manual }).jobs).toMatchObject([
      { sessionId: 'ses_1', reason: 'manual' },
    ])
  })
})

const TEXTS = [
  'Please change src/a.ts so that imports are faster.',
  'We decided to keep the index instead of a table.',
  'It took 12 ms, all 80 tests pass.',
  'Ok.',
  'TypeError: x is not a function at the end of the day',
]

/** Sessions of a workstream, interleaved, some messages hidden. */
const histories = fc
  .array(
    fc.record({
      session: fc.integer({ min: 0, max: 3 }),
      text: fc.nat({ max: TEXTS.length - 1 }),
      hidden: fc.integer({ min: 0, max: 9 }),
      turn: fc.boolean(),
    }),
    { minLength: 10, maxLength: 120, size: 'max' },
  )
  .map((list) => list.map((line, index) => ({ ...line, sequence: index + 1, hidden: line.hidden === 0 })))

interface World {
  sessions: SessionToCompress[]
  full: Map<string, Summary>
  summary: Summary | undefined
  attempts: CompressionAttempt[]
}

describe('doing what is planned', () => {
  const behaviours = {
    'no model': null,
    'a good model': scriptedModel(
      () => '## Objective\n- Faster imports\n\n## Done\n- It was all done as it was asked for',
    ),
    'a model that fails': scriptedModel(() => new Error('down')),
    'a model that repeats itself': scriptedModel(() => '- again and again and again\n'.repeat(30)),
    'a model that lies': scriptedModel((_, call) => (call % 2 === 0 ? '' : "I'm sorry, I can't.")),
  }
  it.each(Object.entries(behaviours))(
    'comes to an end with %s, covering every message at most once',
    async (_, model) => {
      await fc.assert(
        fc.asyncProperty(histories, fc.boolean(), fc.nat({ max: 7 }), async (generated, lastIsActive, later) => {
          const history = generated.map((line) => ({ ...line }))
          const ids = [...new Set(history.map((line) => line.session))]
          const visible = history.filter((line) => !line.hidden)
          const messagesOf = (id: number) => visible.filter((line) => line.session === id)
          const world: World = {
            sessions: ids.map((id, index) => ({
              id: `ses_${id}`,
              status: lastIsActive && index === ids.length - 1 ? 'active' : 'ended',
              visible: coverageOf(messagesOf(id).map(({ sequence }) => sequence)),
              messages: messagesOf(id).map(({ sequence, text, turn }) => ({
                sequence,
                id: `msg_${sequence}`,
                stamp: sequence,
                chars: TEXTS[text]?.length ?? 0,
                startsTurn: turn,
              })),
            })),
            full: new Map(),
            summary: undefined,
            attempts: [],
          }
          await doAll(world, history, model)
          for (const { status, messages, summary } of world.sessions)
            if (status === 'active' && summary !== undefined)
              expect(
                messages.filter(({ sequence }) => !covers(summary.coverage, sequence)).length,
              ).toBeGreaterThanOrEqual(policy.contextWindow)
          // Some of it is promoted away afterwards.
          const gone = new Set(history.filter(({ sequence }) => sequence % 7 === later).map(({ sequence }) => sequence))
          for (const line of history) if (gone.has(line.sequence)) line.hidden = true
          world.sessions = world.sessions.map((one) => ({
            ...one,
            messages: one.messages.filter(({ sequence }) => !gone.has(sequence)),
            visible: coverageOf(one.messages.map(({ sequence }) => sequence).filter((sequence) => !gone.has(sequence))),
          }))
          const { stale } = await doAll(world, history, model)
          for (const [id, { coverage }] of world.full)
            if (!stale.includes(id) && isShown(id, world))
              expect([...gone].some((sequence) => covers(coverage, sequence))).toBe(false)
          world.sessions = world.sessions.map(({ summary, ...one }) =>
            summary && !stale.includes(summary.id) ? { ...one, summary } : one,
          )
          if (world.summary && stale.includes(world.summary.id)) world.summary = undefined
          const coverages = world.sessions.flatMap(({ summary }) => (summary === undefined ? [] : [summary.coverage]))
          for (const { sequence, hidden } of history) {
            const by = coverages.filter((coverage) => covers(coverage, sequence)).length
            expect(by).toBeLessThanOrEqual(hidden ? 0 : 1)
            if (hidden) expect(covers(world.summary?.coverage ?? [], sequence)).toBe(false)
          }
          for (const { status, messages, summary } of world.sessions) {
            if (summary === undefined) continue
            const covered = messages.filter(({ sequence }) => covers(summary.coverage, sequence)).length
            if (status !== 'active') expect(covered).toBe(messages.length)
          }
        }),
        { numRuns: 40 },
      )
    },
  )
})

function isShown(id: string, { sessions, summary }: World): boolean {
  return summary?.id === id || sessions.some((one) => one.summary?.id === id)
}

/** Asks for the plan and does it, until there is nothing to do. */
async function doAll(world: World, history: Parameters<typeof apply>[2], model: Parameters<typeof apply>[3]) {
  for (let round = 0; ; round++) {
    const plan = planCompression(world, policy, occasion)
    expect(planCompression(world, policy, occasion)).toEqual(plan)
    const sessions = world.sessions.map((one) => (needsLines(one) ? one : { ...one, messages: [] }))
    expect(planCompression({ ...world, sessions }, policy, occasion)).toEqual(plan)
    if (plan.jobs.length === 0) return plan
    expect(round).toBeLessThan(20)
    for (const job of plan.jobs) await apply(job, world, history, model)
  }
}

let made = 0
async function apply(
  job: CompressionJob,
  world: World,
  history: readonly { sequence: number; text: number; turn: boolean }[],
  model: Parameters<typeof summarizeWithModel>[0]['model'],
) {
  const byId = (id: string | undefined) => (id === undefined ? undefined : world.full.get(id))
  const inputs: SummaryInputs =
    job.kind === 'workstream'
      ? {
          kind: 'workstream',
          summaries: job.summaryIds.flatMap((id) => byId(id) ?? []),
          previous: byId(job.previousId),
        }
      : {
          kind: job.kind,
          messages: history
            .filter(({ sequence }) => covers(job.read, sequence))
            .map(({ sequence, text, turn }) => said(turn ? 'user' : 'assistant', TEXTS[text] ?? '', sequence)),
          previous: byId(job.previousId),
        }
  const result = await summarizeWithModel({
    model,
    inputs,
    key: job.key,
    maxTokens: policy.maxSummaryTokens,
    retentionTarget: policy.retentionTarget,
    counter: quarterCounter,
  })
  if (result.outcome === 'not_smaller') {
    world.attempts.push({ key: job.key, outcome: 'not_smaller' })
    return
  }
  world.attempts.push({ key: job.key, outcome: result.fields.receipt.degraded ? 'degraded' : 'made' })
  // A stand-in for a stand-in is no gain.
  if (job.reason === 'degraded_retry' && result.fields.receipt.degraded) return
  const summary: Summary = { id: `sum_${++made}`, coverage: job.coverage, ...result.fields }
  world.full.set(summary.id, summary)
  if (job.kind === 'workstream') world.summary = summary
  else world.sessions = world.sessions.map((one) => (one.id === job.sessionId ? { ...one, summary } : one))
}
