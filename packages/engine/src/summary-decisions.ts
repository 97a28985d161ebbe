import { WorkstreamError } from '@arawn/core/error'
import type { Summary } from '@arawn/core/summary'
import type { CompressionJob } from './compression-plan.js'
import type { DecidedRecord, DecisionContext } from './decision.js'

/** A summary as the record of its log: of a session, all or part of it, or of the workstream. */
export function decideSummary(
  job: CompressionJob,
  fields: Pick<Summary, 'summary' | 'ledger' | 'facts' | 'receipt'>,
  { ids, nextStamp, timestamp }: DecisionContext,
): { record: DecidedRecord; summary: Summary } {
  const summary: Summary = { id: ids.next('sum'), coverage: job.coverage, ...fields }
  const common = { v: 1, stamp: nextStamp(), timestamp } as const
  const record: DecidedRecord =
    job.kind === 'workstream'
      ? { log: 'workstream', record: { ...common, type: 'workstream_summarized', ...summary } }
      : { log: 'sessions', record: { ...common, type: 'session_summarized', session_id: job.sessionId, ...summary } }
  return { record, summary }
}

export function decideAttempt(
  { key, outcome, error }: { key: string; outcome: 'degraded' | 'failed' | 'not_smaller'; error?: unknown },
  { nextStamp, timestamp }: DecisionContext,
): DecidedRecord {
  const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
  return {
    log: 'workstream',
    record: {
      v: 1,
      stamp: nextStamp(),
      type: 'compression_attempted',
      timestamp,
      key,
      outcome,
      ...(error !== undefined && { error: code }),
    },
  }
}
