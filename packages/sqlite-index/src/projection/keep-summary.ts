import { canonicalJson } from '@arawn/core/canonical-json'
import type { SessionsLogRecord, WorkstreamLogRecord } from '@arawn/core/record'
import type { Scene } from './apply-lines.js'

type Summarized = Extract<
  SessionsLogRecord | WorkstreamLogRecord,
  { type: 'session_summarized' | 'workstream_summarized' }
>

export function keepSummary({ statements, workstreamId, at, anomaly }: Scene, record: Summarized): void {
  const sessionId = record.type === 'session_summarized' ? record.session_id : null
  const { changes } = statements.insertSummary.run(
    workstreamId,
    at.stamp,
    record.id,
    sessionId,
    record.receipt?.key ?? null,
    JSON.stringify(record.coverage),
    record.summary.trim() === '' ? 0 : 1,
    record.receipt?.degraded === true ? 1 : 0,
    canonicalJson(record),
  )
  if (changes === 0) anomaly('duplicate_id')
}
