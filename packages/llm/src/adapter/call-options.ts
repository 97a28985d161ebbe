import type { LanguageModelV3CallOptions } from '@ai-sdk/provider'
import type { ModelRequest } from '@arawn/core/language-model'
import { promptOf, toolsOf } from './prompt.js'

/** A request as the SDK takes it, whichever way it is sent. */
export function callOptions(
  request: ModelRequest,
  maxOutputTokens: number,
): Pick<LanguageModelV3CallOptions, 'prompt' | 'maxOutputTokens' | 'tools'> {
  const functions = toolsOf(request.tools)
  return {
    prompt: promptOf(request),
    maxOutputTokens: Math.min(request.maxOutputTokens ?? maxOutputTokens, maxOutputTokens),
    ...(functions === undefined ? {} : { tools: functions }),
  }
}
