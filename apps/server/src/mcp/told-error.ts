import { type ErrorCode, hasCode, WorkstreamError } from '@arawn/core/error'
import { errorOutcomes } from '@arawn/core/error-outcome'
import type { Logger } from '@arawn/core/logger'

export interface ToldError {
  /** The code, a sentence, and what to do. */
  readonly text: string
  readonly facts: {
    readonly code: ErrorCode
    readonly message: string
    readonly retryable: boolean
    readonly hint: string | null
  }
}

/** An error as a model can act on it. What nobody expected goes to the log. */
export function toldError(error: unknown, asked: string, logger: Logger): ToldError {
  const known = error instanceof WorkstreamError && error.code !== 'INTERNAL' ? error : undefined
  if (known === undefined) {
    const problem = error instanceof Error ? error.message : String(error)
    logger.warn('a request over MCP failed', { asked, problem })
  }
  const code: ErrorCode = known?.code ?? 'INTERNAL'
  const message = known?.message ?? 'something unexpected happened'
  const hint = known === undefined ? 'The log of the server says more.' : hintFor(known)
  return {
    text: [`${code}: ${message}`, ...(hint === undefined ? [] : [hint])].join('\n'),
    facts: { code, message, retryable: errorOutcomes[code].retryable, hint: hint ?? null },
  }
}

function hintFor(error: WorkstreamError): string | undefined {
  if (hasCode(error, 'WORKSTREAM_NOT_FOUND')) {
    const { suggestions } = error.details
    const named = suggestions.map((name) => JSON.stringify(name)).join(' or ')
    return suggestions.length > 0 ? `Did you mean ${named}?` : 'list_workstreams shows what there is.'
  }
  if (hasCode(error, 'WORKSTREAM_AMBIGUOUS')) {
    const named = error.details.candidates.map(({ id, title }) => `${id} (${title ?? 'no title'})`)
    return `Use an id: ${named.join(', ')}.`
  }
  switch (error.code) {
    case 'WORKSTREAM_ARCHIVED':
      return 'It is read-only. The user can unarchive it: arawn workstream unarchive.'
    case 'MESSAGE_NOT_FOUND':
      return 'Sequences and ids stand in what read_messages and search_messages give.'
    case 'NOTHING_TO_PROMOTE':
    case 'SESSION_NOT_ACTIVE':
      return 'There is nothing in scratch to move. Name a session or messages, if some from before are meant.'
    case 'IDEMPOTENCY_KEY_REUSED':
      return 'Use another key for another request.'
    case 'MODEL_KEY_MISSING':
    case 'MODEL_PROFILE_UNKNOWN':
      return 'Name another model, such as "offline".'
    default:
      return errorOutcomes[error.code].retryable ? 'The same call may succeed in a moment.' : undefined
  }
}
