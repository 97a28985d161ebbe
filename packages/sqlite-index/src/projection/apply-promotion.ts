import type { Coverage } from '@arawn/core/coverage'
import type { SessionsLogRecord } from '@arawn/core/record'
import type { Scene } from './apply-lines.js'
import { rememberKey } from './remember-key.js'

type PromotionStarted = Extract<SessionsLogRecord, { type: 'promotion_started' }>

export function applyPromotionStarted(scene: Scene, record: PromotionStarted): void {
  const { statements, workstreamId, at, anomaly } = scene
  const { id, target_id, target_title = null, coverage, idempotency } = record
  const { changes } = statements.insertPromotion.run(
    workstreamId,
    id,
    target_id,
    target_title,
    JSON.stringify(coverage),
    at.stamp,
  )
  if (changes === 0) anomaly('duplicate_id')
  else rememberKey(scene, workstreamId, idempotency)
}

/** What it covers is no longer shown here, nor counted. */
export function applyPromotionCompleted({ statements, workstreamId, number, anomaly }: Scene, id: string): void {
  const promotion = statements.promotion.get(workstreamId, id)
  if (promotion === undefined || promotion.completed === 1) {
    anomaly('unknown_promotion')
    return
  }
  statements.completePromotion.run(workstreamId, id)
  const coverage: Coverage = JSON.parse(promotion.coverage)
  for (const [first, last] of coverage) {
    for (const { session_id, messages, turns } of statements.countBeforeHiding.all(number, first, number, last)) {
      statements.lessInSession.run(messages, turns, workstreamId, session_id)
      statements.lessInWorkstream.run(messages, workstreamId)
    }
    statements.hideMessages.run(id, number, first, number, last)
  }
}
