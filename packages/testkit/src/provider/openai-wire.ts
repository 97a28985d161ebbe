import type { EndReason } from '@arawn/core/language-model'
import { type ProviderRefusal, type ProviderSpeech, type RefusalKind, reasonOf } from '../provider-answer.js'
import { halves, type Wire } from './wire.js'

/** The chat-completions format, as OpenAI and those who copied it speak it. */
export const openaiWire: Wire = {
  stream(speech, model) {
    const chunk = (delta: unknown, finish: string | null = null) =>
      frame({ ...head(model, 'chat.completion.chunk'), choices: [{ index: 0, delta, finish_reason: finish }] })
    const calls = (speech.calls ?? []).flatMap(({ id, name, arguments: input }, index) => [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...halves(JSON.stringify(input)).map((half) => chunk({ tool_calls: [{ index, function: { arguments: half } }] })),
    ])
    return {
      pieces: [
        chunk({ role: 'assistant', content: '' }),
        ...(speech.text ?? []).map((content) => chunk({ content })),
        ...calls,
      ],
      end: [
        chunk({}, finishReasons[reasonOf(speech)]),
        frame({ ...head(model, 'chat.completion.chunk'), choices: [], usage: usageOf(speech) }),
        'data: [DONE]\n\n',
      ],
      behindHalfCall: 1,
    }
  },

  whole(speech, model) {
    const toolCalls = (speech.calls ?? []).map(({ id, name, arguments: input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    }))
    const message = {
      role: 'assistant',
      content: (speech.text ?? []).join(''),
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
    }
    return {
      ...head(model, 'chat.completion'),
      choices: [{ index: 0, message, finish_reason: finishReasons[reasonOf(speech)] }],
      usage: usageOf(speech),
    }
  },

  refusal(refusal, model) {
    const { status, message, type, code } = refusalOf(refusal, model)
    return { status, body: { error: { message: `${message}${refusal.says ?? ''}`, type, param: null, code } } }
  },

  errorFrame: frame({
    error: { message: 'The server had an error while processing your request', type: 'server_error', code: null },
  }),
}

const finishReasons: Readonly<Record<EndReason, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  refused: 'content_filter',
}

function frame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

function head(model: string, object: string) {
  return { id: 'chatcmpl-1', object, created: 1_768_471_200, model }
}

function usageOf({ usage = {} }: ProviderSpeech) {
  const { input_tokens: input = 12, output_tokens: output = 5, cached_input_tokens: cached = 0 } = usage
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
  }
}

function refusalOf({ refuses }: ProviderRefusal, model: string) {
  const table: Readonly<Record<RefusalKind, [number, string, string, string | null]>> = {
    bad_key: [401, 'Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key'],
    forbidden: [403, 'You are not allowed to do this.', 'invalid_request_error', null],
    no_model: [404, `The model \`${model}\` does not exist.`, 'invalid_request_error', 'model_not_found'],
    overflow: [
      400,
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.",
      'invalid_request_error',
      'context_length_exceeded',
    ],
    policy: [
      400,
      'Your request was rejected by our safety system.',
      'invalid_request_error',
      'content_policy_violation',
    ],
    rate_limit: [429, 'Rate limit reached for requests', 'requests', 'rate_limit_exceeded'],
    no_quota: [429, 'You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'],
    failed: [500, 'The server had an error while processing your request', 'server_error', null],
    overloaded: [503, 'The engine is currently overloaded', 'server_error', null],
    not_json: [502, '', '', null],
  }
  const [status, message, type, code] = table[refuses]
  return { status, message, type, code }
}
