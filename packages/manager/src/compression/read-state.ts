import type { Coverage } from '@arawn/core/coverage'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { Session } from '@arawn/core/session'
import type { IndexedSummary, IndexReader } from '@arawn/core/workstream-index'
import {
  type CompressionAttempt,
  type CompressionState,
  type LineToCompress,
  needsLines,
  type SessionToCompress,
} from '@arawn/engine/compression-plan'

// Rows asked for at once.
const PAGE = 1_000

/** What the plan of a workstream looks at. */
export async function readCompressionState(rows: IndexReader, workstreamId: WorkstreamId): Promise<CompressionState> {
  const summaries = await rows.summaries(workstreamId)
  const latest = new Map<SessionId | null, IndexedSummary>()
  for (const summary of summaries) latest.set(summary.session_id, summary)
  const coverage = await rows.sessionCoverage(workstreamId)
  const sessions: SessionToCompress[] = []
  for await (const { id, status } of sessionsOf(rows, workstreamId)) {
    const known = { id, status, visible: coverage.get(id) ?? [], summary: latest.get(id) }
    const messages = needsLines(known) ? await linesOf(rows, workstreamId, known.visible) : []
    sessions.push({ ...known, messages })
  }
  return { sessions, summary: latest.get(null), attempts: await attemptsOf(rows, workstreamId, summaries) }
}

async function* sessionsOf(rows: IndexReader, workstreamId: WorkstreamId): AsyncGenerator<Session> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await rows.sessions({ workstreamId, limit: PAGE, after })
    yield* page.items
    after = page.next
    more = page.hasMore
  }
}

async function linesOf(rows: IndexReader, workstreamId: WorkstreamId, visible: Coverage): Promise<LineToCompress[]> {
  const lines: LineToCompress[] = []
  for (const [first, last] of visible)
    for (let after = first - 1; after < last; ) {
      const { items } = await rows.messages({ workstreamId, after, limit: Math.min(PAGE, last - after) })
      for (const { sequence, id, stamp, length, role } of items)
        if (sequence <= last) lines.push({ sequence, id, stamp, chars: length, startsTurn: role === 'user' })
      after = items.at(-1)?.sequence ?? last
    }
  return lines
}

/** What was made says so in its receipt; what was not has a record of its own. */
async function attemptsOf(
  rows: IndexReader,
  workstreamId: WorkstreamId,
  summaries: readonly IndexedSummary[],
): Promise<CompressionAttempt[]> {
  const made = summaries.flatMap(({ receipt }): CompressionAttempt[] =>
    receipt === undefined ? [] : [{ key: receipt.key, outcome: receipt.degraded === true ? 'degraded' : 'made' }],
  )
  return [...made, ...(await rows.compressionAttempts(workstreamId))]
}
