import type {
  CompressionPolicy,
  CompressionReason,
  LineToCompress,
  PlanOccasion,
  SessionJob,
  SessionToCompress,
} from '../compression-plan.js'
import { coverageOf } from '../coverage.js'
import { checkCoverage, isWhole } from './coverage-check.js'
import { jobKey, lineNames } from './job-key.js'

export interface PlannedSession {
  readonly job?: SessionJob | undefined
  /** Of a summary that must not be shown. */
  readonly staleId?: string | undefined
}

/** @param isPressed it is small, but there are too many like it */
export function planSession(
  session: SessionToCompress,
  policy: CompressionPolicy,
  occasion: PlanOccasion,
  isPressed: boolean,
): PlannedSession {
  return session.status === 'active'
    ? planRolling(session, policy, occasion)
    : planEnded(session, policy, occasion, isPressed)
}

function planEnded(
  { id, visible, messages, summary }: SessionToCompress,
  { minMessages }: CompressionPolicy,
  occasion: PlanOccasion,
  isPressed: boolean,
): PlannedSession {
  const isCurrent = summary !== undefined && isWhole(summary.coverage, visible)
  const staleId =
    summary !== undefined && checkCoverage(summary.coverage, visible).coversOthers ? summary.id : undefined
  const isManual = isAskedFor(id, occasion)
  const isDegraded = isCurrent && summary.receipt?.degraded === true
  if (messages.length === 0 || (isCurrent && !isDegraded)) return { staleId }
  if (messages.length < minMessages && !isManual && !isPressed && !isDegraded) return { staleId }
  if (isOthers(id, occasion)) return { staleId }
  const coverage = coverageOf(messages.map(({ sequence }) => sequence))
  const reason = isManual
    ? 'manual'
    : isDegraded
      ? 'degraded_retry'
      : isPressed
        ? 'token_threshold'
        : occasion.why === 'startup'
          ? 'startup'
          : 'session_end'
  const key = jobKey('session', lineNames(messages), occasion)
  return { job: { kind: 'session', sessionId: id, key, coverage, read: coverage, reason }, staleId }
}

function planRolling(
  { id, visible, messages, summary }: SessionToCompress,
  policy: CompressionPolicy,
  occasion: PlanOccasion,
): PlannedSession {
  const check = checkCoverage(summary?.coverage ?? [], visible)
  const isUsable = summary !== undefined && !check.coversOthers && check.isPrefix && check.covered > 0
  const staleId = summary !== undefined && !isUsable ? summary.id : undefined
  if (isOthers(id, occasion)) return { staleId }
  const covered = isUsable ? check.covered : 0
  const isDegraded = isUsable && summary.receipt?.degraded === true
  const cut = lastCut(messages, covered, policy)
  const reason = cut === undefined ? undefined : reasonToRoll(messages, covered, cut, policy, occasion)
  const to = reason === undefined ? (isDegraded ? covered : undefined) : cut
  if (to === undefined) return { staleId }
  const part = messages.slice(0, to)
  // What stands in for a summary is nothing to go on from.
  const from = isUsable && !isDegraded ? covered : 0
  return {
    job: {
      kind: 'rolling',
      sessionId: id,
      key: jobKey('rolling', lineNames(part), occasion),
      coverage: coverageOf(part.map(({ sequence }) => sequence)),
      read: coverageOf(part.slice(from).map(({ sequence }) => sequence)),
      ...(from > 0 && summary !== undefined && { previousId: summary.id }),
      reason: reason ?? (isAskedFor(id, occasion) ? 'manual' : 'degraded_retry'),
    },
    staleId,
  }
}

/** Where the last turn begins before which something is to be summarized, and behind which enough stays as it is. */
function lastCut(
  messages: readonly LineToCompress[],
  covered: number,
  { contextWindow }: CompressionPolicy,
): number | undefined {
  for (let at = messages.length - Math.max(1, contextWindow); at > covered; at--)
    if (messages[at]?.startsTurn === true) return at
  return undefined
}

function reasonToRoll(
  messages: readonly LineToCompress[],
  covered: number,
  cut: number,
  { maxHistory, minMessages, tokenThresholdChars }: CompressionPolicy,
  occasion: PlanOccasion,
): CompressionReason | undefined {
  if (occasion.why === 'manual') return 'manual'
  // Steps, not drops: a summary anew at each turn would cost much and keep nothing in a cache.
  if (cut - covered < minMessages) return undefined
  if (messages.length - covered > maxHistory) return 'max_history'
  const chars = (lines: readonly LineToCompress[]) => lines.reduce((sum, line) => sum + line.chars, 0)
  const isLong = chars(messages.slice(covered)) > tokenThresholdChars
  return isLong && chars(messages.slice(covered, cut)) > tokenThresholdChars / 4 ? 'token_threshold' : undefined
}

function isAskedFor(id: string, { why, sessionId }: PlanOccasion): boolean {
  return why === 'manual' && (sessionId === undefined || sessionId === id)
}

function isOthers(id: string, { why, sessionId }: PlanOccasion): boolean {
  return why === 'manual' && sessionId !== undefined && sessionId !== id
}
