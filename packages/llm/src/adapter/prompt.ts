import type { LanguageModelV3FunctionTool, LanguageModelV3Message, LanguageModelV3Prompt } from '@ai-sdk/provider'
import type { Json } from '@arawn/core/json'
import type { ModelMessage, ModelRequest, ModelTool } from '@arawn/core/language-model'
import { type CallIds, createCallIds } from './call-ids.js'

// Anthropic: up to here a prompt is kept for some minutes and costs a tenth when it comes again. Others ignore it.
const cacheHere = { anthropic: { cacheControl: { type: 'ephemeral' as const } } }

// Providers refuse an empty text. What was said keeps its place in the order.
const NOTHING = '(empty)'

/** A request as the SDK takes it. Pieces that providers refuse, such as empty texts, are left out. */
export function promptOf({ system, messages, stableMessages }: ModelRequest): LanguageModelV3Prompt {
  const cached = stableMessages !== undefined
  const ids = createCallIds()
  const prompt: LanguageModelV3Prompt = []
  if (system.trim() !== '')
    prompt.push({ role: 'system', content: system.toWellFormed(), ...(cached ? { providerOptions: cacheHere } : {}) })
  let lastStable: LanguageModelV3Message | undefined
  for (const [index, message] of messages.entries()) {
    const one = converted(message, ids)
    if (one === undefined) continue
    prompt.push(one)
    if (cached && index < stableMessages) lastStable = one
  }
  if (lastStable !== undefined) lastStable.providerOptions = cacheHere
  return prompt
}

export function toolsOf(tools: readonly ModelTool[] | undefined): LanguageModelV3FunctionTool[] | undefined {
  if (tools === undefined || tools.length === 0) return undefined
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    name,
    description,
    // A JSON schema either way; ours is read-only.
    inputSchema: parameters as LanguageModelV3FunctionTool['inputSchema'],
  }))
}

function converted(message: ModelMessage, ids: CallIds): LanguageModelV3Message | undefined {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: sendable(message.content) || NOTHING }] }
    case 'assistant': {
      const said = sendable(message.content)
      const text = said === '' ? [] : [{ type: 'text' as const, text: said }]
      const calls = message.toolCalls.map(({ id, name, arguments: input }) => ({
        type: 'tool-call' as const,
        toolCallId: ids.ofCall(id),
        toolName: toolName(name),
        input: objectOf(input),
      }))
      return text.length + calls.length === 0 ? undefined : { role: 'assistant', content: [...text, ...calls] }
    }
    case 'tool': {
      const content = message.results.map(({ id, name, output, isError }) => ({
        type: 'tool-result' as const,
        toolCallId: ids.ofResult(id),
        toolName: toolName(name),
        output: { type: isError ? ('error-text' as const) : ('text' as const), value: output.toWellFormed() },
      }))
      return content.length === 0 ? undefined : { role: 'tool', content }
    }
  }
}

/** Blanks alone count as nothing. Half of a surrogate pair is no text: providers refuse a body that has one. */
function sendable(text: string): string {
  return text.trim() === '' ? '' : text.toWellFormed()
}

/** Imported conversations have tools of any name; those that can be called have fitting ones. */
function toolName(name: string): string {
  return name.replace(/[^\w-]/g, '_').slice(0, 64) || '_'
}

/** Anthropic refuses arguments that are no object. */
function objectOf(input: Json): Json {
  const object = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { value: input }
  const whole = (_: string, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value)
  return JSON.parse(JSON.stringify(object), whole) as Json
}
