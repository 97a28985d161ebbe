import { WorkstreamError } from '@arawn/core/error'
import type { ContextInput, SizedMessage } from '../context.js'
import { normalized } from './interval-sets.js'

/** The messages that no summary covers: those that one does cover would be in the context twice. */
export function rawMessages(input: ContextInput): readonly SizedMessage[] {
  const { messages, workstreamSummary, sessionSummaries, turnStart } = input
  const last = messages.at(-1)
  if (last === undefined || last.sequence < turnStart)
    throw new WorkstreamError('INTERNAL', `message ${turnStart} is not among those of its context`, {
      problem: 'a context without its new message',
    })
  const covered = normalized([
    ...(workstreamSummary?.coverage ?? []),
    ...sessionSummaries.flatMap(({ coverage }) => coverage),
  ])
  if (covered.length === 0) return messages
  let at = 0
  return messages.filter(({ sequence }) => {
    while (at < covered.length && (covered[at]?.[1] ?? 0) < sequence) at++
    return sequence >= turnStart || sequence < (covered[at]?.[0] ?? Number.POSITIVE_INFINITY)
  })
}
