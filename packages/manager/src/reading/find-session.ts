import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { Session } from '@arawn/core/session'
import type { IndexReader } from '@arawn/core/workstream-index'

/** @throws SESSION_NOT_FOUND */
export async function findSession(
  rows: Pick<IndexReader, 'session'>,
  workstreamId: WorkstreamId,
  sessionId: SessionId,
): Promise<Session> {
  const session = await rows.session(workstreamId, sessionId)
  if (session !== undefined) return session
  throw new WorkstreamError('SESSION_NOT_FOUND', `workstream ${workstreamId} has no session ${sessionId}`, {
    workstreamId,
    sessionId,
  })
}
