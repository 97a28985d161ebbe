import type { Message } from '@arawn/core/message'

/** A name as all providers take it. */
export function toolNameOf({ metadata }: Message): string {
  const name = typeof metadata?.tool_name === 'string' ? metadata.tool_name : ''
  return name.replace(/[^a-zA-Z0-9_-]/gu, '_').slice(0, 64) || 'unknown_tool'
}
