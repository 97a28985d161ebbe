/** What the two large providers refuse, written from their documentation and apart from the code that is tested. */

import type { Json } from '@arawn/core/json'
import type { ModelMessage } from '@arawn/core/language-model'

interface Sent {
  readonly system: string
  readonly messages: readonly ModelMessage[]
}

/** @returns what OpenAI's chat completions would refuse */
export function openAiProblems({ messages }: Sent): string[] {
  const wire = messages.flatMap((message): { role: string; content: string; calls: string[]; id?: string }[] => {
    if (message.role === 'tool')
      return message.results.map(({ id, output }) => ({ role: 'tool', content: output, calls: [], id }))
    const calls = message.role === 'assistant' ? message.toolCalls.map(({ id }) => id) : []
    return [{ role: message.role, content: message.content, calls }]
  })
  const problems = commonProblems(messages)
  let open = new Set<string>()
  for (const [index, { role, content, calls, id }] of wire.entries()) {
    if (role === 'tool') {
      if (id === undefined || !open.delete(id)) problems.push(`${index}: a result without its call before it`)
    } else if (open.size > 0) problems.push(`${index}: calls without a result: ${[...open].join()}`)
    if (role !== 'tool') open = new Set(calls)
    if (content.trim() === '' && calls.length === 0) problems.push(`${index}: empty`)
  }
  if (open.size > 0) problems.push('the last calls have no result')
  return problems
}

type AnthropicBlock = { type: 'text'; text: string } | { type: 'tool_use' | 'tool_result'; id: string }

/** @returns what Anthropic's messages would refuse; results are blocks of the user's message there */
export function anthropicProblems({ messages }: Sent): string[] {
  const wire: { role: 'user' | 'assistant'; blocks: AnthropicBlock[] }[] = []
  const problems = commonProblems(messages)
  let before: ModelMessage | undefined
  for (const message of messages) {
    const blocks = anthropicBlocks(message)
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const last = wire.at(-1)
    // The user's words after results belong to the message with the results; nothing else has to be joined.
    if (last?.role === role && before?.role === 'tool' && message.role === 'user') last.blocks.push(...blocks)
    else if (last?.role === role) problems.push(`two of ${role} in a row`)
    else wire.push({ role, blocks })
    before = message
  }
  for (const [index, { role, blocks }] of wire.entries()) {
    if (blocks.length === 0) problems.push(`${index}: nothing in it`)
    if (blocks.some((block) => block.type === 'text' && block.text.trim() === '')) problems.push(`${index}: empty text`)
    const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [block.id] : []))
    const previous = wire[index - 1]?.blocks ?? []
    const calls = previous.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
    if (role === 'user' && [...calls].sort().join() !== [...results].sort().join())
      problems.push(`${index}: calls ${calls.join()} but results ${results.join()}`)
    if (blocks.findLastIndex(({ type }) => type === 'tool_result') >= results.length)
      problems.push(`${index}: results do not come first`)
  }
  return problems
}

function anthropicBlocks(message: ModelMessage): AnthropicBlock[] {
  switch (message.role) {
    case 'user':
      return [{ type: 'text', text: message.content }]
    case 'tool':
      return message.results.map(({ id }) => ({ type: 'tool_result', id }))
    case 'assistant':
      return [
        ...(message.content === '' ? [] : [{ type: 'text' as const, text: message.content }]),
        ...message.toolCalls.map(({ id }) => ({ type: 'tool_use' as const, id })),
      ]
  }
}

function commonProblems(messages: readonly ModelMessage[]): string[] {
  const problems: string[] = []
  if (messages[0]?.role !== 'user') problems.push('it does not begin with a user')
  if (messages.at(-1)?.role === 'assistant') problems.push('it ends with the assistant')
  const ids = new Set<string>()
  for (const message of messages) {
    if (!isWellFormed(message)) problems.push('half a character')
    if (message.role === 'tool' && message.results.length === 0) problems.push('no results')
    if (message.role === 'tool' && message.results.some(({ output }) => output.trim() === ''))
      problems.push('an empty result')
    if (message.role !== 'assistant') continue
    for (const { id, name, arguments: given } of message.toolCalls) {
      if (ids.has(id)) problems.push(`${id} twice`)
      ids.add(id)
      if (!/^[a-zA-Z0-9_-]{1,40}$/u.test(id)) problems.push(`bad id ${id}`)
      if (!/^[a-zA-Z0-9_-]{1,64}$/u.test(name)) problems.push(`bad tool name ${name}`)
      if (!isObject(given)) problems.push(`arguments of ${id} are no object`)
    }
  }
  return problems
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner))
}

function isObject(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
