import type { EndReason } from '@arawn/core/language-model'
import { type ProviderRefusal, type ProviderSpeech, type RefusalKind, reasonOf } from '../provider-answer.js'
import { halves, type Wire } from './wire.js'

/** The messages format of Anthropic. */
export const anthropicWire: Wire = {
  stream(speech, model) {
    const text = speech.text ?? []
    const textBlock = [
      frame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      ...text.map((piece) => delta(0, { type: 'text_delta', text: piece })),
      frame('content_block_stop', { index: 0 }),
    ]
    const firstCall = text.length === 0 ? 0 : 1
    const callBlocks = (speech.calls ?? []).flatMap(({ id, name, arguments: input }, position) => {
      const index = firstCall + position
      return [
        frame('content_block_start', { index, content_block: { type: 'tool_use', id, name, input: {} } }),
        ...halves(JSON.stringify(input)).map((half) => delta(index, { type: 'input_json_delta', partial_json: half })),
        frame('content_block_stop', { index }),
      ]
    })
    return {
      pieces: [
        frame('message_start', {
          message: { ...head(model), content: [], usage: { ...usageOf(speech), output_tokens: 1 } },
        }),
        frame('ping', {}),
        ...(text.length === 0 ? [] : textBlock),
        ...callBlocks,
      ],
      end: [
        frame('message_delta', {
          delta: { stop_reason: stopReasons[reasonOf(speech)], stop_sequence: null },
          usage: { output_tokens: usageOf(speech).output_tokens },
        }),
        frame('message_stop', {}),
      ],
      behindHalfCall: 2,
    }
  },

  whole(speech, model) {
    const text = (speech.text ?? []).join('')
    const calls = (speech.calls ?? []).map(({ id, name, arguments: input }) => ({ type: 'tool_use', id, name, input }))
    return {
      ...head(model),
      content: [...(text === '' ? [] : [{ type: 'text', text }]), ...calls],
      stop_reason: stopReasons[reasonOf(speech)],
      stop_sequence: null,
      usage: usageOf(speech),
    }
  },

  refusal(refusal, model) {
    const { status, message, type } = refusalOf(refusal, model)
    const error = { type, message: `${message}${refusal.says ?? ''}` }
    return { status, body: { type: 'error', error, request_id: 'req_1' } }
  },

  errorFrame: frame('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
}

const stopReasons: Readonly<Record<EndReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  refused: 'refusal',
}

function frame(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}

function delta(index: number, what: object): string {
  return frame('content_block_delta', { index, delta: what })
}

function head(model: string) {
  return { id: 'msg_1', type: 'message', role: 'assistant', model, stop_reason: null, stop_sequence: null }
}

/** Anthropic counts what came out of the cache beside the input, not in it. */
function usageOf({ usage = {} }: ProviderSpeech) {
  const { input_tokens: input = 12, output_tokens: output = 5, cached_input_tokens: cached = 0 } = usage
  return {
    input_tokens: input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: output,
  }
}

function refusalOf({ refuses }: ProviderRefusal, model: string) {
  const table: Readonly<Record<RefusalKind, [number, string, string]>> = {
    bad_key: [401, 'invalid x-api-key', 'authentication_error'],
    forbidden: [403, 'Your API key does not have permission to use this resource.', 'permission_error'],
    no_model: [404, `model: ${model}`, 'not_found_error'],
    overflow: [400, 'prompt is too long: 210000 tokens > 200000 maximum', 'invalid_request_error'],
    policy: [400, 'Output blocked by content filtering policy', 'invalid_request_error'],
    rate_limit: [429, 'This request would exceed your rate limit', 'rate_limit_error'],
    no_quota: [402, 'Your credit balance is too low to access the Anthropic API.', 'billing_error'],
    failed: [500, 'Internal server error', 'api_error'],
    overloaded: [529, 'Overloaded', 'overloaded_error'],
    not_json: [502, '', ''],
  }
  const [status, message, type] = table[refuses]
  return { status, message, type }
}
