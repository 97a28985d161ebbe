import { timestampOf } from '@arawn/core/clock'
import type { SessionsLogRecord, WorkstreamLogRecord } from '@arawn/core/record'
import type { Scene } from './apply-lines.js'
import { applyPromotionCompleted, applyPromotionStarted } from './apply-promotion.js'
import { endTurn, startTurn } from './apply-turn.js'
import { keepSummary } from './keep-summary.js'

/** Records of sessions.jsonl. Those of other logs are left alone. */
export function applySessionsRecord(scene: Scene, record: WorkstreamLogRecord | SessionsLogRecord): void {
  const { statements, workstreamId, at } = scene
  switch (record.type) {
    case 'session_opened': {
      if (statements.sessionExists.get(workstreamId, record.id) !== undefined) {
        scene.anomaly('duplicate_id')
        return
      }
      const startedAt = timestampOf(Date.parse(record.timestamp))
      const { ordinal } = statements.nextOrdinal.get(workstreamId) ?? { ordinal: 1 }
      const insert = (status: string, reason: string | null, endedAt: string | null) =>
        statements.insertSession.run(workstreamId, record.id, ordinal, startedAt, endedAt, status, reason, at.stamp)
      if (record.imported === true) {
        insert('ended', 'imported', startedAt)
        return
      }
      if (statements.supersedeSession.run(startedAt, workstreamId).changes > 0) scene.anomaly('superseded_session')
      insert('active', null, null)
      return
    }
    case 'session_closed': {
      const endedAt = timestampOf(Date.parse(record.ended_at))
      const { changes } = statements.closeSession.run(record.status, record.reason, endedAt, workstreamId, record.id)
      if (changes === 0) scene.anomaly('unknown_session')
      return
    }
    case 'session_summarized':
      keepSummary(scene, record)
      if (statements.setSessionSummary.run(record.summary, workstreamId, record.session_id).changes === 0)
        scene.anomaly('unknown_session')
      return
    case 'turn_started':
      startTurn(scene, record)
      return
    case 'turn_ended':
      endTurn(scene, record)
      return
    case 'promotion_started':
      applyPromotionStarted(scene, record)
      return
    case 'promotion_completed':
      applyPromotionCompleted(scene, record.id)
      return
  }
}
