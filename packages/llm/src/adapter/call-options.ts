import type { LanguageModelV3CallOptions, LanguageModelV3ToolChoice } from '@ai-sdk/provider'
import type { AnswerStyle, ModelRequest } from '@arawn/core/language-model'
import { promptOf, toolsOf } from './prompt.js'

/** A request as the SDK takes it, whichever way it is sent. */
export function callOptions(request: ModelRequest, maxOutputTokens: number): LanguageModelV3CallOptions {
  const functions = toolsOf(request.tools)
  return {
    prompt: promptOf(request),
    maxOutputTokens: Math.min(request.maxOutputTokens ?? maxOutputTokens, maxOutputTokens),
    ...(functions === undefined ? {} : { tools: functions }),
    ...styleOf(request),
  }
}

/** An absent field leaves it to the provider. */
function styleOf({ style = {}, tools = [] }: ModelRequest): Partial<LanguageModelV3CallOptions> {
  const { toolChoice, temperature, topP, seed, stop, frequencyPenalty, presencePenalty, json } = style
  return {
    ...(toolChoice !== undefined && tools.length > 0 && { toolChoice: toolChoiceOf(toolChoice) }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && stop.length > 0 && { stopSequences: [...stop] }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(json !== undefined && {
      responseFormat: {
        type: 'json' as const,
        ...(json.name !== undefined && { name: json.name }),
        // A JSON schema either way; ours is read-only.
        ...(json.schema !== undefined && { schema: json.schema as NonNullable<JsonFormat['schema']> }),
      },
    }),
  }
}

type JsonFormat = Extract<LanguageModelV3CallOptions['responseFormat'], { type: 'json' }>

function toolChoiceOf(choice: NonNullable<AnswerStyle['toolChoice']>): LanguageModelV3ToolChoice {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name }
}
