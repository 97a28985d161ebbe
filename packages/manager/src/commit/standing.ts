import type { SessionId } from '@arawn/core/id'
import type { Stamp } from '@arawn/core/stamp'
import type { Workstream } from '@arawn/core/workstream'
import type { ActiveSession } from '@arawn/engine/session-decisions'

/** What a new message needs to know of its workstream. */
export interface Standing {
  readonly workstream: Workstream | undefined
  readonly activeSession: ActiveSession | undefined
}

/** A message leaves the standing as it is, but for the time. */
export function withActivity(
  standing: Standing | undefined,
  sessionId: SessionId | undefined,
  stamp: Stamp,
): Standing | undefined {
  const active = standing?.activeSession
  if (standing === undefined || active === undefined || active.id !== sessionId) return standing
  const lastActivityMs = Math.max(active.lastActivityMs, Math.floor(stamp / 1000))
  // Named one by one: spreading costs a microsecond for every message.
  return { workstream: standing.workstream, activeSession: { id: active.id, lastActivityMs } }
}
