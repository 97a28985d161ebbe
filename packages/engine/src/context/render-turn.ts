import type { ContextChange } from '@arawn/core/assembled-context'
import type { ModelMessage } from '@arawn/core/language-model'
import type { ContextInput } from '../context.js'
import { labels, NO_OUTPUT, NO_RESULT } from './labels.js'
import { CALL_TOKENS, MESSAGE_TOKENS, PIECE_TOKENS } from './overhead.js'
import { type BlockOptions, blocksOfTurn } from './turn-blocks.js'
import type { AssistantBlock, PlacedCall } from './turn-writer.js'
import type { Turn } from './turns.js'

export interface RenderedTurn {
  readonly messages: readonly ModelMessage[]
  readonly tokens: number
  readonly changes: readonly ContextChange[]
}

export interface TurnOptions extends BlockOptions {
  readonly brokenTurns?: ContextInput['brokenTurns']
  /** It goes on: it ends with what the model has to answer. Others end with the model's words. */
  readonly isCurrent: boolean
}

/**
 * A turn as messages that every provider takes: user and assistant by turns, nothing empty, calls directly followed by
 * a result each. It begins with a user, except when it begins in the middle.
 */
export function renderTurn(turn: Turn, options: TurnOptions): RenderedTurn {
  const { blocks, tokens, changes: shown } = blocksOfTurn(turn, options)
  const changes = [...shown]
  const messages: ModelMessage[] = []
  let total = tokens
  for (const block of blocks) {
    if (block.kind === 'user') messages.push({ role: 'user', content: block.pieces.join('\n\n') })
    else {
      messages.push(...assistantMessages(block))
      for (const call of block.calls) {
        const added = addedText(call)
        const addedTokens = added === undefined ? 0 : options.count(added)
        total += 2 * CALL_TOKENS + addedTokens
        if (call.result !== undefined || added === undefined) continue
        const { sequence } = call
        changes.push({ sequence, change: 'added', why: added, tokensBefore: 0, tokensAfter: addedTokens })
      }
    }
  }
  const edges = options.isCurrent ? askOn(messages) : close(messages, brokenMark(turn, options))
  for (const added of edges) total += options.count(added) + PIECE_TOKENS
  return { messages, tokens: total + messages.length * MESSAGE_TOKENS, changes }
}

/** What stands for a result that is missing or empty. */
function addedText({ result }: PlacedCall): string | undefined {
  if (result === undefined) return NO_RESULT
  return result.view.text.trim() === '' ? NO_OUTPUT : undefined
}

function assistantMessages({ texts, calls }: AssistantBlock): ModelMessage[] {
  const toolCalls = calls.map(({ sequence, name, call }) => ({
    id: callId(sequence),
    name,
    arguments: call.callArguments,
  }))
  const message: ModelMessage = { role: 'assistant', content: texts.join('\n\n'), toolCalls }
  return calls.length === 0 ? [message] : [message, { role: 'tool', results: calls.map(toolResult) }]
}

function toolResult(call: PlacedCall) {
  const { sequence, name, result } = call
  const output = addedText(call) ?? result?.view.text ?? ''
  return { id: callId(sequence), name, output, isError: result?.isError ?? false }
}

/** Ids of a log may be missing, doubled or not to a provider's liking. Nine letters and digits: the strictest take that. */
function callId(sequence: number): string {
  return `c${String(sequence).padStart(8, '0')}`
}

/** Ends with the assistant, so that the next turn can begin with a user in a message of its own. */
function close(messages: ModelMessage[], broken: string | undefined): string[] {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') {
    const content = broken ?? labels.noAnswer
    messages.push({ role: 'assistant', content, toolCalls: [] })
    return [content]
  }
  if (broken === undefined) return []
  messages[messages.length - 1] = { ...last, content: `${last.content}\n\n${broken}` }
  return [broken]
}

/** Begins with the user, and ends with the user or with results: an answer at the end was cut off. */
function askOn(messages: ModelMessage[]): string[] {
  const added: string[] = []
  if (messages[0]?.role !== 'user') added.push(labels.goOn)
  if (added.length > 0) messages.unshift({ role: 'user', content: labels.goOn })
  if (messages.at(-1)?.role !== 'assistant') return added
  messages.push({ role: 'user', content: labels.goOn })
  return [...added, labels.goOn]
}

function brokenMark({ messages }: Turn, { brokenTurns }: TurnOptions): string | undefined {
  for (const { interaction_id: id } of messages) {
    const how = id === undefined ? undefined : brokenTurns?.get(id)
    if (how !== undefined) return labels.broken[how]
  }
  return undefined
}
