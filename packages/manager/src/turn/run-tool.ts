import type { ToolCall } from '@arawn/core/language-model'
import type { OfferedTool } from './chat-tools.js'
import type { Answer } from './turn-log.js'

// One message is one line of at most 8 MiB; more than this is of no use to a model either.
const MAX_OUTPUT_CHARACTERS = 1024 * 1024

/** Runs what the model asked for. Never fails: what goes wrong is what the model is told. */
export async function runTool(tools: readonly OfferedTool[], call: ToolCall, signal: AbortSignal): Promise<Answer> {
  const tool = tools.find(({ name }) => name === call.name)
  if (tool?.run === undefined) return result(call, `there is no tool ${call.name}`, true)
  try {
    const output = await tool.run(call.arguments, { toolCallId: call.id, abortSignal: signal })
    return result(call, textOf(output), false)
  } catch (error) {
    return result(call, error instanceof Error ? error.message : String(error), true)
  }
}

export function callMessage({ id, name, arguments: input }: ToolCall): Answer {
  return {
    role: 'tool_use',
    content: '',
    metadata: { tool_call_id: id, tool_name: name, arguments: JSON.parse(JSON.stringify(input)) },
  }
}

function result({ id, name }: ToolCall, output: string, isError: boolean): Answer {
  const whole = output.toWellFormed()
  const content =
    whole.length <= MAX_OUTPUT_CHARACTERS
      ? whole
      : `${whole.slice(0, MAX_OUTPUT_CHARACTERS).toWellFormed()}\n[cut here: ${whole.length} characters in all]`
  return { role: 'tool_result', content, metadata: { tool_call_id: id, tool_name: name, is_error: isError } }
}

function textOf(output: unknown): string {
  return typeof output === 'string' ? output : (JSON.stringify(output) ?? '')
}
