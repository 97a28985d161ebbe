import type { SessionId, WorkstreamId } from '@arawn/core/id'

/** The sessions in which this manager has said something, and when it did so last. */
export interface OwnActivity {
  note(workstreamId: WorkstreamId, message: { session_id: SessionId; stamp: number }): void
  /** All that was noted; it is forgotten then. */
  take(): ReadonlyMap<WorkstreamId, { readonly sessionId: SessionId; readonly atMs: number }>
}

export function createOwnActivity(): OwnActivity {
  let last = new Map<WorkstreamId, { sessionId: SessionId; atMs: number }>()
  return {
    note(workstreamId, { session_id, stamp }) {
      last.set(workstreamId, { sessionId: session_id, atMs: Math.floor(stamp / 1000) })
    },
    take() {
      const taken = last
      last = new Map()
      return taken
    },
  }
}
