import { addCost } from '@arawn/core/cost'
import { hasCode, WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID } from '@arawn/core/id'
import type {
  AnswerStyle,
  EndReason,
  LanguageModel,
  ModelRequest,
  ModelUsage,
  ToolCall,
} from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { TurnEnd } from '@arawn/core/turn'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { OfferedTool } from './chat-tools.js'
import { agreedTitle } from './promote-tool.js'
import { callMessage, runTool } from './run-tool.js'
import type { Answer, EndedTurn, TurnLog, TurnPlace } from './turn-log.js'

// More than any honest task needs; a model that goes in circles is stopped.
const MAX_ROUNDS = 50

export interface TurnParts {
  readonly log: TurnLog
  readonly model: LanguageModel
  readonly tools: readonly OfferedTool[]
  readonly maxOutputTokens?: number | undefined
  readonly style?: AnswerStyle | undefined
  /** What the model is sent now; asked again after each round of tool calls. */
  readonly context: () => Promise<Pick<ModelRequest, 'system' | 'messages' | 'stableMessages'>>
  readonly lookUp: NonNullable<ModelRequest['lookUp']>
  readonly signal: AbortSignal
  tell(event: TurnEvent): void
}

/**
 * Asks the model until it has answered.
 *
 * ```
 *  context ─► model ─► text, calls ─► on disk ─► tools ─► results on disk ─┐
 *     ▲                      └─ no calls, or those of the caller: done    │
 *     └───────────────────────────────────────────────────────────────────┘
 * ```
 *
 * Never fails for what the model or a tool does: that is how the turn ends. What was said until then is kept.
 */
export async function runTurn(place: TurnPlace, parts: TurnParts): Promise<EndedTurn | undefined> {
  const { log, model, signal } = parts
  const spent: Spent = { usage: {}, costUsd: 0 }
  const said: Message[] = []
  let ending: { status: TurnEnd; error?: unknown }
  try {
    await answer(place, parts, spent, said)
    ending = { status: 'ok' }
  } catch (error) {
    ending = { status: endOf(error, signal), ...(signal.aborted ? {} : { error }) }
  }
  const facts = { model: `${model.profile}/${model.model}`, ...(Object.keys(spent.usage).length > 0 && spent) }
  const isMoved = ending.status === 'ok' && place.workstreamId === SCRATCH_ID
  return log.end(place, { ...ending, ...facts }, isMoved ? agreedTitle(said) : undefined)
}

/** What all calls of a turn have used and cost. */
interface Spent {
  readonly usage: Record<string, number>
  /** Null when it is not known of each of them. */
  costUsd: number | null
}

async function answer(place: TurnPlace, parts: TurnParts, spent: Spent, kept: Message[]): Promise<void> {
  const { log, model, tools, signal, tell } = parts
  const keep = async (answers: readonly Answer[]) => {
    const messages = await log.append(place, answers)
    kept.push(...messages)
    for (const message of messages) tell({ type: 'message.created', message })
  }
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const said = await ask(parts)
    add(spent.usage, said.usage)
    spent.costUsd = addCost(spent.costUsd, model.costOf(said.usage))
    const words: Answer[] = said.text === '' ? [] : [wordsOf(said)]
    // In one commit: a call is never there without the words that led to it.
    if (words.length + said.calls.length > 0) await keep([...words, ...said.calls.map(callMessage)])
    if (said.failure !== undefined) throw said.failure.error
    if (said.calls.length === 0) return
    const theirs = said.calls.filter(({ name }) => tools.some((tool) => tool.name === name && tool.run === undefined))
    const ours = said.calls.filter((call) => !theirs.includes(call))
    await Promise.all(ours.map(async (call) => keep([await runTool(tools, call, signal)])))
    signal.throwIfAborted()
    if (theirs.length > 0) return
  }
  const problem = `it called tools ${MAX_ROUNDS} times and gave no answer`
  throw new WorkstreamError('MODEL_FAILED', problem, { profile: model.profile, status: null, problem })
}

interface Said {
  readonly text: string
  readonly calls: readonly ToolCall[]
  readonly usage: ModelUsage
  readonly reason: EndReason
  /** It broke off. */
  readonly failure: { readonly error: unknown } | undefined
}

/** One answer, as far as it came. */
async function ask({ model, tools, maxOutputTokens, style, context, lookUp, signal, tell }: TurnParts): Promise<Said> {
  let text = ''
  const calls: ToolCall[] = []
  let usage: ModelUsage = {}
  let reason: EndReason = 'stop'
  try {
    signal.throwIfAborted()
    const request = { ...(await context()), lookUp, signal }
    for await (const event of model.stream({ ...request, tools, maxOutputTokens, style })) {
      if (event.type === 'text') {
        text += event.text
        tell({ type: 'turn.delta', text: event.text })
      } else if (event.type === 'tool_call') calls.push(event.call)
      else ({ usage, reason } = event)
    }
    return { text, calls, usage, reason, failure: undefined }
  } catch (error) {
    // Calls of an answer that broke off are not made: who knows what else it would have said.
    return { text, calls: [], usage, reason, failure: { error } }
  }
}

/** An answer that did not come to its end says so. */
function wordsOf({ text, reason }: Said): Answer {
  const isCut = reason === 'length' || reason === 'refused'
  return { role: 'assistant', content: text.toWellFormed(), ...(isCut && { metadata: { end_reason: reason } }) }
}

function endOf(error: unknown, signal: AbortSignal): TurnEnd {
  if (!signal.aborted) return hasCode(error, 'TURN_OVER') ? 'interrupted' : 'error'
  return signal.reason === 'closed' ? 'interrupted' : 'cancelled'
}

function add(total: Record<string, number>, usage: ModelUsage): void {
  for (const [name, tokens] of Object.entries(usage)) total[name] = (total[name] ?? 0) + tokens
}
