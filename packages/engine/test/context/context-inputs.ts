import type { Coverage } from '@arawn/core/coverage'
import { assembleContext } from '../../src/assemble-context.js'
import type { ContextInput, ContextResult, FittingContext, SizedMessage } from '../../src/context.js'
import { defaultContextPolicy } from '../../src/context-policy.js'
import { covers } from '../../src/coverage.js'
import { countQuarters } from './histories.js'

export function inputOf(
  messages: readonly SizedMessage[],
  turnStart: number,
  more: Partial<ContextInput> = {},
): ContextInput {
  return {
    system: 'You are the assistant.',
    workstream: { title: 'Atlas' },
    sessionSummaries: [],
    messages,
    sessions: [],
    echoes: [],
    turnStart,
    budget: {
      windowTokens: 200_000,
      maxOutputTokens: 8_000,
      errorShare: 0.1,
      toolTokens: 0,
      setting: 'llm_profiles.test.context_tokens',
    },
    policy: defaultContextPolicy,
    count: countQuarters,
    ...more,
  }
}

/** Does what a caller does: summarizes what it is told to, and asks again. */
export function assembleCompressing(input: ContextInput): {
  context: FittingContext
  input: ContextInput
  rounds: number
} {
  let current = input
  for (let rounds = 0; rounds < 200; rounds++) {
    const result: ContextResult = assembleContext(current)
    if (result.fits) return { context: result, input: current, rounds }
    checkWholeTurns(current, result.compress)
    current = { ...current, ...compressed(current, result.compress, rounds) }
  }
  throw new Error('it never fits')
}

/** The oldest that is raw, up to where a user speaks, without the turn that goes on. For histories without turn ids. */
function checkWholeTurns({ messages, turnStart }: ContextInput, compress: Coverage) {
  const rest = messages.filter(({ sequence }) => !covers(compress, sequence))
  const [next] = rest
  if (next === undefined || rest.length === messages.length) throw new Error('it names all or nothing')
  if (messages.slice(-rest.length).some((message, index) => message !== rest[index])) throw new Error('it skips some')
  if (next.sequence > turnStart || (next.role !== 'user' && next.sequence !== turnStart))
    throw new Error('it ends inside a turn')
}

function compressed({ messages, sessionSummaries }: ContextInput, coverage: Coverage, round: number) {
  const summary = { id: `sum_${round}`, session_id: 'ses_1', summary: `What was said in part ${round}.`, coverage }
  return {
    sessionSummaries: [...sessionSummaries, summary],
    messages: messages.filter(({ sequence }) => !covers(coverage, sequence)),
  }
}

/** All texts of a context, for searching and counting. */
export function textsOf({ system, messages }: FittingContext): string[] {
  return [
    system,
    ...messages.flatMap((message) => {
      if (message.role === 'user') return [message.content]
      if (message.role === 'tool') return message.results.map(({ output }) => output)
      return [
        message.content,
        ...message.toolCalls.map(({ name, arguments: given }) => `${name} ${JSON.stringify(given)}`),
      ]
    }),
  ]
}
