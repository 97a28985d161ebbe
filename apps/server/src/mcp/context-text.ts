import type { ModelMessage } from '@arawn/core/language-model'

/** What a model would be sent, as one text. */
export function contextText(messages: readonly ModelMessage[]): string {
  return messages.map(paragraph).join('\n\n')
}

function paragraph(message: ModelMessage): string {
  switch (message.role) {
    case 'user':
      return `## user\n\n${message.content}`
    case 'assistant': {
      const calls = message.toolCalls.map(({ name, arguments: input }) => `(calls ${name} ${JSON.stringify(input)})`)
      return ['## assistant', message.content, ...calls].filter((part) => part !== '').join('\n\n')
    }
    case 'tool':
      return message.results.map(({ name, output }) => `## result of ${name}\n\n${output}`).join('\n\n')
  }
}
