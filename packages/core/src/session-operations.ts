import type { SessionId } from './id.js'
import type { Session } from './session.js'
import type { Page } from './workstream-index.js'

/** Runs of turns between silences. */
export interface SessionOperations {
  listSessions(reference: string, query?: ListSessionsInput): Promise<Page<Session>>
  /** @throws SESSION_NOT_FOUND */
  getSession(reference: string, sessionId: SessionId): Promise<Session>
  /** Begins a session; the active one ends, unless nothing was said in it yet. */
  startSession(reference: string): Promise<Session>
  /** Ends the active session, or exactly the given one. @throws SESSION_NOT_ACTIVE | SESSION_NOT_FOUND */
  endSession(reference: string, sessionId?: SessionId): Promise<Session>
  /**
   * Ends every session in which nothing happened for the idle time: `timed_out`, as of its last activity. A message
   * that comes late does the same for its own workstream, swept or not.
   *
   * @returns what was ended
   */
  sweepIdleSessions(): Promise<Session[]>
  /** Ends, with the reason `shutdown`, the sessions in which this manager had the last word. For a server that stops. */
  endOwnSessions(): Promise<Session[]>
}

export interface ListSessionsInput {
  /** 1 to 1,000; 20 by default. */
  limit?: number | undefined
  newestFirst?: boolean | undefined
  after?: string | undefined
}
