const usage = { input_tokens: 1, output_tokens: 1 }
const counter = {
  name: 'quarters',
  errorShare: 0,
  count: async (texts) => texts.map((text) => Math.ceil(text.length / 4)),
}
const facts = {
  profile: 'scripted',
  windowTokens: 100_000,
  maxOutputTokens: 1_000,
  counter,
  costOf: () => null,
}

/** Models that ask for the weather, then answer; `requests` has what they were sent. */
export function answering() {
  const requests = []
  const model = {
    ...facts,
    model: 'answering',
    async *stream(request) {
      requests.push(request)
      const wasTold = JSON.stringify(request.messages.at(-1)).includes('rain')
      yield { type: 'text', text: wasTold ? 'Take one.' : 'Let me see.' }
      const mayAsk = !wasTold && request.tools?.some(({ name }) => name === 'weather')
      if (mayAsk) yield { type: 'tool_call', call: { id: `call-${requests.length}`, name: 'weather', arguments: {} } }
      yield { type: 'end', reason: mayAsk ? 'tool_calls' : 'stop', usage }
    },
  }
  return { requests, counter, open: async () => model, list: async () => [] }
}

/** Models that propose to move the conversation to "Bridges", and move it once somebody says yes. */
export function promoting() {
  const model = {
    ...facts,
    model: 'promoting',
    async *stream({ messages }) {
      const last = messages.at(-1)
      if (last.role === 'user') {
        const agreed = last.content.includes('yes') && { agreed: true }
        const call = {
          id: `call-${messages.length}`,
          name: 'promote_scratch',
          arguments: { title: 'Bridges', ...agreed },
        }
        yield { type: 'tool_call', call }
      } else yield { type: 'text', text: 'So be it.' }
      yield { type: 'end', reason: last.role === 'user' ? 'tool_calls' : 'stop', usage }
    },
  }
  return { counter, open: async () => model, list: async () => [] }
}
