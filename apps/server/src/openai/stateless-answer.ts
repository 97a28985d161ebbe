import type { LanguageModel, ModelMessage, ModelTool } from '@arawn/core/language-model'
import type { SaidMessage } from '@arawn/core/said-message'
import type { AnswerPiece } from './answer-piece.js'
import type { AskedAnswer } from './read-request.js'

/** Passes a conversation on to a model; nothing is kept. Whoever goes away stops it. */
export async function* statelessAnswer(
  model: LanguageModel,
  { instructions, messages, tools, style, maxOutputTokens }: AskedAnswer,
  gone: AbortSignal,
): AsyncGenerator<AnswerPiece> {
  const request = {
    system: instructions,
    messages: modelMessages(messages),
    tools: modelTools(tools),
    maxOutputTokens,
    style,
    signal: gone,
  }
  for await (const event of model.stream(request)) {
    if (event.type === 'text') yield event
    else if (event.type === 'tool_call') yield { type: 'call', call: event.call }
    else yield event
  }
}

/** Results of one answer's calls stand together, as models want them. */
function modelMessages(messages: readonly SaidMessage[]): ModelMessage[] {
  const names = new Map<string, string>()
  const said: ModelMessage[] = []
  for (const message of messages) {
    if (message.role === 'user') said.push({ role: 'user', content: message.content })
    else if (message.role === 'assistant') {
      const { content, calls = [] } = message
      for (const { id, name } of calls) names.set(id, name)
      said.push({ role: 'assistant', content, toolCalls: calls })
    } else {
      const { call_id: id, content: output } = message
      const result = { id, name: names.get(id) ?? 'tool', output, isError: false }
      const last = said.at(-1)
      if (last?.role === 'tool') said[said.length - 1] = { role: 'tool', results: [...last.results, result] }
      else said.push({ role: 'tool', results: [result] })
    }
  }
  return said
}

function modelTools(tools: AskedAnswer['tools']): ModelTool[] {
  return Object.entries(tools).map(([name, { description = '', inputSchema }]) => ({
    name,
    description,
    parameters: (inputSchema as { jsonSchema: ModelTool['parameters'] }).jsonSchema,
  }))
}
