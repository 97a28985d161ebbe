/** Models that ask for the weather, then answer; `requests` has what they were sent. */
export function answering() {
  const requests = []
  const usage = { input_tokens: 1, output_tokens: 1 }
  const counter = {
    name: 'quarters',
    errorShare: 0,
    count: async (texts) => texts.map((text) => Math.ceil(text.length / 4)),
  }
  const model = {
    profile: 'scripted',
    model: 'answering',
    windowTokens: 100_000,
    maxOutputTokens: 1_000,
    counter,
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
