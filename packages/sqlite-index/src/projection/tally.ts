import type { WorkstreamId } from '@arawn/core/id'
import { commitTime, type Stamp } from '@arawn/core/stamp'
import type { Statements } from './statements.js'

/** Adds up what messages change in the rows of their session and workstream, so that a batch writes each row once. */
export interface Tally {
  knows(sessionId: string): boolean
  add(sessionId: string, beginsTurn: boolean, saidAt: string, stamp: Stamp): void
  write(): void
}

export function createTally(statements: Statements, workstreamId: WorkstreamId): Tally {
  let session: { id: string; messages: number; turns: number; saidAt: string; stamp: Stamp } | undefined
  let total = { count: 0, saidAt: '', stamp: 0 }

  function writeSession(): void {
    if (session === undefined) return
    statements.countInSession.run(session.messages, session.turns, session.stamp, workstreamId, session.id)
    statements.extendEndedSession.run(session.saidAt, workstreamId, session.id)
    session = undefined
  }

  return {
    knows: (sessionId) => session?.id === sessionId,
    add(sessionId, beginsTurn, saidAt, stamp) {
      if (session?.id !== sessionId) {
        writeSession()
        session = { id: sessionId, messages: 0, turns: 0, saidAt, stamp }
      }
      session.messages++
      if (beginsTurn) session.turns++
      if (saidAt > session.saidAt) session.saidAt = saidAt
      session.stamp = Math.max(session.stamp, stamp)
      total.count++
      if (saidAt > total.saidAt) total.saidAt = saidAt
      total.stamp = Math.max(total.stamp, stamp)
    },
    write() {
      writeSession()
      if (total.count === 0) return
      statements.countMessages.run({
        id: workstreamId,
        count: total.count,
        updatedAt: commitTime(total.stamp),
        saidAt: total.saidAt,
        saidMs: Date.parse(total.saidAt),
      })
      total = { count: 0, saidAt: '', stamp: 0 }
    },
  }
}
