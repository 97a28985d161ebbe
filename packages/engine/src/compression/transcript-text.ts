import type { SourceMessage } from './scan-message.js'

/** A message as a model reads it that is to summarize: who, and what, long outputs without their middle. */
export function transcriptText({ sequence, role, content, metadata }: SourceMessage, maxChars: number): string {
  const tool = typeof metadata?.tool_name === 'string' ? ` ${metadata.tool_name.slice(0, 64)}` : ''
  const failed = metadata?.is_error === true ? ' (error)' : ''
  const what = `${role.replace('_', ' ')}${tool}${failed}`
  // A call says what it is about in its arguments; its content says the same, or nothing.
  const text = content.trim() === '' && metadata?.arguments !== undefined ? JSON.stringify(metadata.arguments) : content
  const limit = Math.min(maxChars, LIMITS[role] ?? 8_000)
  return `[#${sequence} ${what}]\n${withoutMiddle(text, limit)}`
}

const LIMITS: Partial<Record<SourceMessage['role'], number>> = { tool_use: 1_500, tool_result: 1_500 }

export function withoutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text
  const head = text.slice(0, Math.ceil(limit * 0.7)).replace(/[\ud800-\udbff]$/, '')
  const tail = text.slice(text.length - Math.floor(limit * 0.3)).replace(/^[\udc00-\udfff]/, '')
  return `${head}\n… (${text.length - head.length - tail.length} characters left out) …\n${tail}`
}
