import type { Coverage } from '@arawn/core/coverage'
import { WorkstreamError } from '@arawn/core/error'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Message } from '@arawn/core/message'
import type { Summary } from '@arawn/core/summary'
import type { IndexReader, MessagePosition, SummaryCoverage } from '@arawn/core/workstream-index'
import { chooseSummaries } from '@arawn/engine/choose-summaries'
import { readMessages } from '../reading/read-messages.js'

/** What a context of a workstream is made of. */
export interface ContextMaterial {
  readonly workstreamSummary: Summary | undefined
  readonly sessionSummaries: readonly (Summary & { readonly session_id: SessionId })[]
  /** What no summary covers, ascending. */
  readonly messages: readonly Message[]
  /** There are more: what is not summarized is too much for any context. */
  readonly isTooMuch: boolean
  readonly sessions: readonly { readonly id: SessionId; readonly started_at: string }[]
}

// Rows asked for at once.
const PAGE = 1_000

/** @param maxBytes of lines: more is not read */
export async function readMaterial(
  { rows, log }: { rows: IndexReader; log: LogStore },
  workstreamId: WorkstreamId,
  maxBytes: number,
): Promise<ContextMaterial> {
  const chosen = await choose(rows, workstreamId)
  const whole = async (id: string) => {
    const summary = await rows.summary(workstreamId, id)
    if (summary !== undefined) return summary
    throw new WorkstreamError('INTERNAL', `the summary ${id} is gone`, { problem: 'summary gone' })
  }
  const sessionSummaries = await Promise.all(
    chosen.sessionSummaries.map(async ({ id, session_id }) => ({ ...(await whole(id)), session_id })),
  )
  const messages: Message[] = []
  let bytes = 0
  for await (const page of positionsIn(rows, workstreamId, chosen.raw)) {
    bytes += page.reduce((sum, { length }) => sum + length, 0)
    if (bytes > maxBytes) break
    messages.push(...(await readMessages(log, workstreamId, page)))
  }
  const ids = new Set([...messages, ...sessionSummaries].map(({ session_id }) => session_id))
  const sessions = await Promise.all([...ids].map((id) => rows.session(workstreamId, id)))
  return {
    workstreamSummary: chosen.workstreamSummary && (await whole(chosen.workstreamSummary.id)),
    sessionSummaries,
    messages,
    isTooMuch: bytes > maxBytes,
    sessions: sessions.filter((session) => session !== undefined),
  }
}

/** Ids of the summaries that contexts are made with now. */
export async function usedSummaries(rows: IndexReader, workstreamId: WorkstreamId): Promise<Set<string>> {
  const { workstreamSummary, sessionSummaries } = await choose(rows, workstreamId)
  return new Set(
    [...(workstreamSummary === undefined ? [] : [workstreamSummary]), ...sessionSummaries].map(({ id }) => id),
  )
}

async function choose(rows: IndexReader, workstreamId: WorkstreamId) {
  const summaries = await rows.summaryCoverages(workstreamId)
  return chooseSummaries(
    { workstream: summaries.filter(({ kind }) => kind === 'workstream'), sessions: summaries.filter(isOfSession) },
    await everySequence(rows, workstreamId),
    await hiddenSequences(rows, workstreamId),
  )
}

function isOfSession(summary: SummaryCoverage): summary is SummaryCoverage & { session_id: SessionId } {
  return summary.kind === 'session' && summary.session_id !== null
}

/** Lines that are no messages count as well: nobody can tell, and nothing is read for them. */
async function everySequence(rows: IndexReader, workstreamId: WorkstreamId): Promise<Coverage> {
  const last = (await rows.heads(workstreamId))?.messages.lines ?? 0
  return last === 0 ? [] : [[1, last]]
}

async function hiddenSequences(rows: IndexReader, workstreamId: WorkstreamId): Promise<Coverage> {
  const promotions = await rows.promotionsOf(workstreamId)
  return promotions
    .filter(({ workstream_id, completed }) => completed && workstream_id === workstreamId)
    .flatMap(({ coverage }) => coverage)
    .sort(([a], [b]) => a - b)
}

/** Visible messages, as many at once as stand near to each other in the log. */
async function* positionsIn(
  rows: IndexReader,
  workstreamId: WorkstreamId,
  coverage: Coverage,
): AsyncGenerator<MessagePosition[]> {
  for (const [first, last] of coverage)
    for (let after = first - 1, hasMore = true; hasMore && after < last; ) {
      const page = await rows.messages({ workstreamId, after, limit: PAGE })
      const within = page.items.filter(({ sequence }) => sequence <= last)
      if (within.length > 0) yield within
      after = page.items.at(-1)?.sequence ?? last
      hasMore = page.hasMore
    }
}
