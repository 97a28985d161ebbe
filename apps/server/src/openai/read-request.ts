import type { AnswerStyle } from '@arawn/core/language-model'
import type { SaidMessage } from '@arawn/core/said-message'
import type { ChatTools } from '@arawn/core/turn-operations'
import type { ChatRequest } from './chat-request.js'
import { invalidRequest } from './openai-error.js'

/** What a client asks for, in our terms. */
export interface AskedAnswer {
  /** Null: the default. */
  readonly model: string | null
  /** Of its system messages, in their order. */
  readonly instructions: string
  readonly messages: readonly SaidMessage[]
  readonly tools: ChatTools
  readonly style: AnswerStyle
  readonly maxOutputTokens: number | undefined
}

/** @throws INVALID_INPUT nothing is said but instructions, or a tool is to be called that is not there */
export function readRequest(request: ChatRequest): AskedAnswer {
  const { model, max_tokens, max_completion_tokens } = request
  const messages = request.messages.flatMap(saidMessage)
  if (messages.length === 0) throw invalidRequest('messages', 'has nothing to answer')
  return {
    model: model === 'default' ? null : model,
    instructions: instructionsOf(request),
    messages,
    tools: toolsOf(request),
    style: styleOf(request),
    maxOutputTokens: max_completion_tokens ?? max_tokens ?? undefined,
  }
}

type Arguments = NonNullable<Extract<SaidMessage, { role: 'assistant' }>['calls']>[number]['arguments']

type Message = ChatRequest['messages'][number]

function instructionsOf({ messages }: ChatRequest): string {
  return messages
    .flatMap((message) => (message.role === 'system' || message.role === 'developer' ? [textOf(message.content)] : []))
    .join('\n\n')
}

function saidMessage(message: Message): SaidMessage[] {
  switch (message.role) {
    case 'user': {
      const author = message.name?.trim()
      return [{ role: 'user', content: textOf(message.content), ...(author && { author }) }]
    }
    case 'assistant': {
      const content = textOf(message.content) || (message.refusal ?? '')
      const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: input } }) => ({
        id,
        name,
        arguments: argumentsOf(input),
      }))
      return [{ role: 'assistant', content, ...(calls.length > 0 && { calls }) }]
    }
    case 'tool':
      return [{ role: 'tool', call_id: message.tool_call_id, content: textOf(message.content) }]
    default:
      return []
  }
}

function textOf(content: Extract<Message, { role: 'assistant' }>['content']): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : part.refusal)).join('\n')
}

/** A model writes them, so they need not be JSON. */
function argumentsOf(text: string): Arguments {
  try {
    return text.trim() === '' ? {} : (JSON.parse(text) as Arguments)
  } catch {
    return text
  }
}

const NO_PARAMETERS = { type: 'object', properties: {} }

/** They are run by the client: the answer ends with their calls. */
function toolsOf({ tools }: ChatRequest): ChatTools {
  return Object.fromEntries(
    (tools ?? []).map(({ function: { name, description, parameters } }) => [
      name,
      { description: description ?? undefined, inputSchema: { jsonSchema: parameters ?? NO_PARAMETERS } },
    ]),
  )
}

function styleOf(request: ChatRequest): AnswerStyle {
  const { temperature, top_p, seed, stop, frequency_penalty, presence_penalty, response_format: format } = request
  const stops = typeof stop === 'string' ? [stop] : (stop ?? undefined)
  const schema = format?.type === 'json_schema' ? format.json_schema : undefined
  const given = {
    temperature,
    topP: top_p,
    seed,
    stop: stops,
    frequencyPenalty: frequency_penalty,
    presencePenalty: presence_penalty,
    toolChoice: toolChoiceOf(request),
    json:
      format?.type === 'json_object'
        ? {}
        : schema && { name: schema.name ?? undefined, schema: schema.schema ?? undefined },
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null))
}

function toolChoiceOf({ tool_choice: choice, tools }: ChatRequest): AnswerStyle['toolChoice'] {
  if (typeof choice !== 'object' || choice === null) return choice === 'auto' ? undefined : (choice ?? undefined)
  const { name } = choice.function
  if (tools?.some((tool) => tool.function.name === name) === true) return { name }
  throw invalidRequest('tool_choice.function.name', 'is none of the tools')
}
