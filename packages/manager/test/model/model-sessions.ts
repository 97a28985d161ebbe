/** Sessions of the model: joined, opened, ended. */
import {
  addRecord,
  find,
  type ModelSession,
  type ModelWorkstream,
  Refusal,
  refuseArchived,
  type World,
} from './model-world.js'

export const IDLE_MS = 30 * 60_000

/** What a handle said last, by workstream. */
export type OwnWords = Map<string, { sessionId: string; atMs: number }>

export interface EndedSession {
  readonly workstream: ModelWorkstream
  readonly session: ModelSession
}

export function activeSession({ sessions }: ModelWorkstream): ModelSession | undefined {
  return sessions.find(({ status }) => status === 'active')
}

/** The session that a new message joins: the active one, unless nothing happened in it for the idle time. */
export function joinSession(world: World, workstream: ModelWorkstream, newId: string): ModelSession {
  const active = activeSession(workstream)
  if (active !== undefined) {
    if (!isIdle(world, active)) return active
    timeOut(world, workstream, active)
  }
  return openSession(world, workstream, newId, world.nowMs)
}

/** @param imported it was over before it came here */
export function openSession(
  world: World,
  workstream: ModelWorkstream,
  id: string,
  startedMs: number,
  imported = false,
): ModelSession {
  if (workstream.sessions.some((other) => other.id === id)) throw new Error(`the session ${id} was opened before`)
  addRecord(world, workstream, 'session.opened', startedMs)
  const session: ModelSession = {
    id,
    startedMs,
    endedMs: imported ? startedMs : null,
    status: imported ? 'ended' : 'active',
    reason: imported ? 'imported' : null,
    lastActivityMs: world.topMs,
  }
  workstream.sessions.push(session)
  return session
}

export function closeSession(world: World, workstream: ModelWorkstream, session: ModelSession, reason: string): void {
  addRecord(world, workstream, 'session.closed')
  session.status = 'ended'
  session.reason = reason
  session.endedMs = Math.max(world.nowMs, session.lastActivityMs)
}

export function endSession(world: World, reference: string, sessionId: string | undefined): EndedSession {
  const workstream = find(world, reference)
  refuseArchived(workstream)
  const workstreamId = workstream.id
  if (sessionId !== undefined && !workstream.sessions.some(({ id }) => id === sessionId))
    throw new Refusal('SESSION_NOT_FOUND', { workstreamId, sessionId })
  const session = activeSession(workstream)
  if (session === undefined || (sessionId !== undefined && session.id !== sessionId))
    throw new Refusal('SESSION_NOT_ACTIVE', { workstreamId, sessionId: sessionId ?? null })
  closeSession(world, workstream, session, 'requested')
  return { workstream, session }
}

/** @param order in which the product went through the workstreams, which nobody promises */
export function sweepIdle(world: World, order: readonly string[]): EndedSession[] {
  return endEach(world, order, (workstream, session) => {
    if (!isIdle(world, session)) return false
    timeOut(world, workstream, session)
    return true
  })
}

/** Ends the sessions in which a handle had the last word. */
export function endOwn(world: World, own: OwnWords, order: readonly string[]): EndedSession[] {
  const ended = endEach(world, order, (workstream, session) => {
    const said = own.get(workstream.id)
    if (said?.sessionId !== session.id || session.lastActivityMs > said.atMs) return false
    closeSession(world, workstream, session, 'shutdown')
    return true
  })
  own.clear()
  return ended
}

function endEach(
  { workstreams }: World,
  order: readonly string[],
  ending: (workstream: ModelWorkstream, session: ModelSession) => boolean,
): EndedSession[] {
  const ended: EndedSession[] = []
  for (const workstream of [...workstreams.values()].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))) {
    const session = activeSession(workstream)
    if (session !== undefined && workstream.state !== 'archived' && ending(workstream, session))
      ended.push({ workstream, session })
  }
  return ended
}

function isIdle({ nowMs }: World, { lastActivityMs }: ModelSession): boolean {
  return nowMs - lastActivityMs >= IDLE_MS
}

/** It lasted until something last happened in it. */
function timeOut(world: World, workstream: ModelWorkstream, session: ModelSession): void {
  addRecord(world, workstream, 'session.closed')
  session.status = 'timed_out'
  session.reason = 'idle'
  session.endedMs = session.lastActivityMs
}
