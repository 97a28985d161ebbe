import type { SessionsLogRecord } from '@arawn/core/record'
import type { Scene } from './apply-lines.js'
import { normalTimestamp } from './normal-timestamp.js'

type TurnStarted = Extract<SessionsLogRecord, { type: 'turn_started' }>
type TurnEnded = Extract<SessionsLogRecord, { type: 'turn_ended' }>

/** One turn runs at a time: a second one says that the first is over. */
export function startTurn({ statements, workstreamId, anomaly }: Scene, record: TurnStarted): void {
  const { interaction_id, session_id, message_id, owner } = record
  const startedAt = normalTimestamp(record.timestamp)
  if (statements.turnExists.get(workstreamId, interaction_id) !== undefined) {
    anomaly('duplicate_id')
    return
  }
  if (statements.supersedeTurn.run(startedAt, workstreamId).changes > 0) anomaly('superseded_turn')
  statements.insertTurn.run(workstreamId, interaction_id, session_id, message_id, owner, startedAt)
}

export function endTurn({ statements, workstreamId, anomaly }: Scene, record: TurnEnded): void {
  const {
    interaction_id,
    status,
    model = null,
    usage,
    cost_usd: costUsd = null,
    error = null,
    error_message = null,
  } = record
  const { changes } = statements.endTurn.run(
    status,
    normalTimestamp(record.timestamp),
    model,
    usage === undefined ? null : JSON.stringify(usage),
    costUsd,
    error,
    error_message,
    workstreamId,
    interaction_id,
  )
  if (changes === 0) anomaly('unknown_turn')
}
