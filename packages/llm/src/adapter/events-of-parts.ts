import type { LanguageModelV3StreamPart, LanguageModelV3ToolCall, LanguageModelV3Usage } from '@ai-sdk/provider'
import type { Json } from '@arawn/core/json'
import type { EndReason, ModelEvent, ModelUsage } from '@arawn/core/language-model'

/** The stream was over before the provider said that the answer is. */
export class AnswerCut extends Error {}

/** What the provider sent is not what it should be; the message says how, without repeating it. */
export class AnswerUnreadable extends Error {}

type Finish = Extract<LanguageModelV3StreamPart, { type: 'finish' }>

/** The SDK's parts as our events. Throws what an `error` part holds. */
export async function* eventsOfParts(parts: AsyncIterable<LanguageModelV3StreamPart>): AsyncGenerator<ModelEvent> {
  // When a stream is cut, the SDK hands out what it has of a call. Only a whole object is surely all of it.
  const doubtful: LanguageModelV3ToolCall[] = []
  for await (const part of parts) {
    switch (part.type) {
      case 'text-delta':
        if (part.delta !== '') yield { type: 'text', text: part.delta }
        break
      case 'tool-call': {
        const input = objectIn(part.input)
        if (input === undefined) doubtful.push(part)
        else yield callEvent(part, input)
        break
      }
      case 'error':
        throw part.error
      case 'finish': {
        const reason = endReason(part.finishReason)
        for (const call of doubtful) {
          if (call.input.trim() === '') yield callEvent(call, {})
          else if (reason !== 'length')
            throw new AnswerUnreadable(`the arguments of a call of ${call.toolName} are no JSON object`)
        }
        yield { type: 'end', reason, usage: usageOf(part.usage) }
        return
      }
    }
  }
  throw new AnswerCut()
}

function callEvent({ toolCallId, toolName }: LanguageModelV3ToolCall, input: Json): ModelEvent {
  return { type: 'tool_call', call: { id: toolCallId, name: toolName, arguments: input } }
}

function objectIn(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function endReason({ unified, raw }: Finish['finishReason']): EndReason {
  switch (unified) {
    case 'length':
      return 'length'
    case 'tool-calls':
      return 'tool_calls'
    case 'content-filter':
      return 'refused'
    case 'stop':
      return 'stop'
    default:
      // A provider that ends gives some reason, be it one that nobody knows.
      if (raw === undefined) throw new AnswerCut()
      return 'stop'
  }
}

function usageOf({ inputTokens, outputTokens }: LanguageModelV3Usage): ModelUsage {
  return {
    ...(inputTokens.total === undefined ? {} : { input_tokens: inputTokens.total }),
    ...(inputTokens.cacheRead === undefined ? {} : { cached_input_tokens: inputTokens.cacheRead }),
    ...(outputTokens.total === undefined ? {} : { output_tokens: outputTokens.total }),
  }
}
