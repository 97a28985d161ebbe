import type { ContextChange, ContextPart } from '@arawn/core/assembled-context'
import type { ModelMessage } from '@arawn/core/language-model'
import type { Summary } from '@arawn/core/summary'
import type { ContextInput } from '../context.js'
import { type RenderedSummary, renderSummary } from '../render-summary.js'
import { fairCap } from './fair-cap.js'
import { normalized } from './interval-sets.js'
import { labels, READ_SUMMARIES } from './labels.js'
import { MESSAGE_TOKENS, PIECE_TOKENS } from './overhead.js'

export interface ContextHead {
  /**
   * The summaries, as a message from the user, and a word of the assistant: the user who speaks next has a message of
   * his own, so that this one stays as it is. Empty without any.
   */
  readonly messages: readonly ModelMessage[]
  readonly tokens: number
  readonly parts: readonly ContextPart[]
}

/** Summaries, most stable first. What they get depends on them and on the budget only, not on what is raw. */
export function renderHead(input: ContextInput, budgetTokens: number): ContextHead {
  const { policy, count, workstream, workstreamSummary, sessionSummaries, sessions, messages } = input
  const startedAt = new Map(sessions.map(({ id, started_at }) => [id, started_at]))
  const summaries: { summary: Summary; label: string; name: 'workstream_summary' | 'session_summary' }[] = []
  if (workstreamSummary !== undefined)
    summaries.push({
      summary: workstreamSummary,
      label: labels.workstreamSummary(workstream.title),
      name: 'workstream_summary',
    })
  const rawSessions = new Set(messages.map(({ session_id }) => session_id))
  for (const summary of sessionSummaries) {
    const { session_id: session } = summary
    const label = labels.sessionSummary(startedAt.get(session), rawSessions.has(session))
    summaries.push({ summary, label, name: 'session_summary' })
  }
  if (summaries.length === 0) return { messages: [], tokens: 0, parts: [] }

  const labelTokens = summaries.map(({ label }) => count(label) + PIECE_TOKENS)
  const frame = 2 * MESSAGE_TOKENS + count(READ_SUMMARIES)
  const room =
    Math.floor(budgetTokens * policy.summaryShare) - frame - labelTokens.reduce((sum, tokens) => sum + tokens, 0)
  const rooms = roomsOf(input, room)
  const rendered = summaries.map(({ summary }, index) =>
    renderSummary(summary, rooms[index] ?? 0, count, policy.ledgerShare),
  )
  const parts = summaries.map(({ summary, name }, index): ContextPart => {
    const { tokens } = rendered[index] as RenderedSummary
    return {
      name,
      coverage: normalized(summary.coverage),
      summaryIds: [summary.id],
      tokens: tokens + (labelTokens[index] ?? 0) + (index === 0 ? frame : 0),
      reason: reasonOf(name),
      changes: changesOf(summary, rendered[index] as RenderedSummary),
    }
  })
  const content = summaries.map(({ label }, index) => `${label}\n${rendered[index]?.text}`).join('\n\n')
  return {
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: READ_SUMMARIES, toolCalls: [] },
    ],
    tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    parts,
  }
}

/** Each gets what it wants, if all fit. If not, the workstream's keeps up to half, and the largest give way first. */
function roomsOf({ workstreamSummary, sessionSummaries, count }: ContextInput, room: number): number[] {
  const wanted = (summary: Summary) => renderSummary(summary, Number.POSITIVE_INFINITY, count).wantedTokens
  const sessions = sessionSummaries.map(wanted)
  const all = sessions.reduce((sum, tokens) => sum + tokens, 0)
  const first = workstreamSummary === undefined ? 0 : wanted(workstreamSummary)
  const firstRoom = Math.min(first, Math.max(Math.floor(room / 2), room - all))
  const cap = fairCap(sessions, room - firstRoom)
  const rooms = sessions.map((tokens) => Math.min(tokens, cap))
  return workstreamSummary === undefined ? rooms : [firstRoom, ...rooms]
}

function reasonOf(name: 'workstream_summary' | 'session_summary'): string {
  return name === 'workstream_summary'
    ? 'stands for all that it covers'
    : 'stands for messages that the workstream summary does not cover'
}

function changesOf({ id }: Summary, { isTextCut, leftOut, wantedTokens, tokens }: RenderedSummary): ContextChange[] {
  const changes: ContextChange[] = []
  const why = 'summaries would take more than their share of the window'
  const sizes = { tokensBefore: wantedTokens, tokensAfter: tokens }
  if (isTextCut) changes.push({ summaryId: id, change: 'cut', why, ...sizes })
  if (leftOut.length > 0)
    changes.push({ summaryId: id, change: 'left out', why: `${leftOut.length} specifics: ${why}`, ...sizes })
  return changes
}
