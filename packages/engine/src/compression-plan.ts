/**
 * Decides what is compressed next. Pure: the same state gives the same jobs, and a state in which they are done gives
 * none.
 *
 *   ended session ── not summarized, or not as it is now ──► session ──┐
 *   active session ── long ──► rolling, up to a turn's beginning       ├─► workstream, of all sessions that are done
 *                                                                      │
 *   a stand-in, made while the model failed ──► the same once more ────┘   (at most maxAttempts, then it stays)
 */

import type { Coverage } from '@arawn/core/coverage'
import type { SessionStatus } from '@arawn/core/session'
import type { Summary } from '@arawn/core/summary'
import { isWhole } from './compression/coverage-check.js'
import { planSession } from './compression/plan-session.js'
import { planWorkstream } from './compression/plan-workstream.js'

export interface CompressionPolicy {
  /** When false, only what somebody asks for by hand is done. */
  readonly enabled: boolean
  /** A session with fewer is left as it is, unless there are so many such sessions that they are long together. */
  readonly minMessages: number
  /** A running session with more of them beside its summary gets its earlier part summarized. */
  readonly maxHistory: number
  /** So many of its last messages stay as they are. */
  readonly contextWindow: number
  /** The same for characters. */
  readonly tokenThresholdChars: number
  readonly maxSummaryTokens: number
  readonly retentionTarget: number
  readonly maxAttempts: number
}

export interface SessionToCompress {
  readonly id: string
  readonly status: SessionStatus
  /** Sequences of its messages that can be seen: without what was promoted away. */
  readonly visible: Coverage
  /** The same messages, ascending. May be left out, as `[]`, where `needsLines` says so. */
  readonly messages: readonly LineToCompress[]
  /** The latest one. */
  readonly summary?: ExistingSummary | undefined
}

export interface LineToCompress {
  readonly sequence: number
  readonly id: string
  readonly stamp: number
  readonly chars: number
  /** A turn begins with it. */
  readonly startsTurn: boolean
}

export type ExistingSummary = Pick<Summary, 'id' | 'coverage' | 'receipt'>

export interface CompressionState {
  /** Oldest first. */
  readonly sessions: readonly SessionToCompress[]
  /** The latest one of the workstream. */
  readonly summary?: ExistingSummary | undefined
  /** What came of each job that was done, in any order. */
  readonly attempts: readonly CompressionAttempt[]
}

/**
 * `degraded`: there is a summary, made by code because the model failed; `failed`: there is none. A stand-in for a
 * stand-in (`degraded_retry`) is no gain: it is counted here, and not written.
 */
export interface CompressionAttempt {
  readonly key: string
  readonly outcome: 'made' | 'degraded' | 'failed' | 'not_smaller'
}

export interface PlanOccasion {
  /** Why somebody looks: `turn_end` and `session_end` as things happen. */
  readonly why: 'turn_end' | 'session_end' | 'startup' | 'manual'
  /**
   * By hand: only this one, and the workstream's summary after it. What is asked for by hand is not given up, so it is
   * planned once, and what follows from it as `session_end`.
   */
  readonly sessionId?: string | undefined
  /** Names the model in keys; null without one. */
  readonly model: string | null
  readonly promptVersion: number
  /** A hash of a text, as hex. */
  readonly hash: (text: string) => string
}

export type CompressionReason =
  | 'session_end'
  | 'max_history'
  | 'token_threshold'
  | 'startup'
  | 'manual'
  | 'degraded_retry'

interface AnyJob {
  /** Of what is covered, the prompt and the model. */
  readonly key: string
  /** What the summary will stand for. */
  readonly coverage: Coverage
  readonly reason: CompressionReason
}

export interface SessionJob extends AnyJob {
  readonly kind: 'session' | 'rolling'
  readonly sessionId: string
  /** Rolling only: the summary to go on from. */
  readonly previousId?: string
  /** What has to be read: all of the coverage, or what comes after the previous summary. */
  readonly read: Coverage
}

export interface WorkstreamJob extends AnyJob {
  readonly kind: 'workstream'
  readonly previousId?: string
  /** Session summaries to add, oldest first. */
  readonly summaryIds: readonly string[]
}

export type CompressionJob = SessionJob | WorkstreamJob

/** Work that is not tried any more. By hand it still is. */
export interface StoppedJob {
  readonly kind: CompressionJob['kind']
  readonly sessionId?: string | undefined
  readonly key: string
  readonly reason: 'max_attempts' | 'not_smaller'
}

export interface CompressionPlan {
  /** In this order. When they are done there may be more: ask again, until there is none. */
  readonly jobs: readonly CompressionJob[]
  readonly stopped: readonly StoppedJob[]
  /** Ids of summaries that must not be shown: they cover what was promoted away, or not what is there now. */
  readonly stale: readonly string[]
}

export function planCompression(
  state: CompressionState,
  policy: CompressionPolicy,
  occasion: PlanOccasion,
): CompressionPlan {
  const stale: string[] = []
  const wanted: CompressionJob[] = []
  const small = smallSessions(state.sessions, policy)
  for (const session of state.sessions) {
    const { job, staleId } = planSession(session, policy, occasion, small.has(session.id))
    if (staleId !== undefined) stale.push(staleId)
    if (job !== undefined) wanted.push(job)
  }
  const governed = govern(wanted, state.attempts, policy, occasion)
  // What will be summarized anew first is reduced after that.
  const isWaiting = governed.jobs.some(({ kind, reason }) => kind === 'session' && reason !== 'degraded_retry')
  const { job, staleId } = planWorkstream(state, occasion)
  if (staleId !== undefined) stale.push(staleId)
  const last = govern(job === undefined || isWaiting ? [] : [job], state.attempts, policy, occasion)
  const isRetry = ({ reason }: CompressionJob) => reason === 'degraded_retry'
  const jobs = [...governed.jobs, ...last.jobs]
  return {
    jobs: [...jobs.filter((one) => !isRetry(one)), ...jobs.filter(isRetry)],
    stopped: [...governed.stopped, ...last.stopped],
    stale,
  }
}

/** Whether the plan has to know each message of a session: not of those that ended and have their summary. */
export function needsLines({ status, visible, summary }: Omit<SessionToCompress, 'messages'>): boolean {
  return status === 'active' || summary?.receipt?.degraded === true || !isWhole(summary?.coverage ?? [], visible)
}

/** Sessions of a few messages: left alone one by one, but not when there are ever more of them. */
function smallSessions(sessions: readonly SessionToCompress[], policy: CompressionPolicy): ReadonlySet<string> {
  const small = sessions.filter(
    ({ status, messages, summary }) =>
      status !== 'active' && summary === undefined && messages.length > 0 && messages.length < policy.minMessages,
  )
  const chars = small.reduce((sum, { messages }) => sum + messages.reduce((all, line) => all + line.chars, 0), 0)
  return new Set(chars > policy.tokenThresholdChars ? small.map(({ id }) => id) : [])
}

/** Nothing is tried for ever, and nothing that cannot become smaller is tried twice. */
function govern(
  jobs: readonly CompressionJob[],
  attempts: readonly CompressionAttempt[],
  { enabled, maxAttempts }: CompressionPolicy,
  { why }: PlanOccasion,
): Pick<CompressionPlan, 'jobs' | 'stopped'> {
  if (why === 'manual') return { jobs, stopped: [] }
  if (!enabled) return { jobs: [], stopped: [] }
  const stopped: StoppedJob[] = []
  const going = jobs.filter((job) => {
    const failures = attempts.filter(({ key, outcome }) => key === job.key && outcome !== 'made')
    const isHopeless = failures.some(({ outcome }) => outcome === 'not_smaller')
    if (!isHopeless && failures.length < maxAttempts) return true
    stopped.push({
      kind: job.kind,
      ...(job.kind !== 'workstream' && { sessionId: job.sessionId }),
      key: job.key,
      reason: isHopeless ? 'not_smaller' : 'max_attempts',
    })
    return false
  })
  return { jobs: going, stopped }
}
