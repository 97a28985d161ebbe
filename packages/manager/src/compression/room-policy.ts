import type { Coverage } from '@arawn/core/coverage'
import type { CompressionSettings } from './compression-settings.js'

/** As much of the running session stays as it is as came behind what has to give way. */
export function roomPolicy(
  { sessions }: { sessions: readonly { status: string; messages: readonly { sequence: number }[] }[] },
  coverage: Coverage | undefined,
  contextWindow: number,
): Partial<CompressionSettings> {
  const last = coverage?.at(-1)?.[1]
  const active = sessions.find(({ status }) => status === 'active')
  const behind = last === undefined ? contextWindow : active?.messages.filter(({ sequence }) => sequence > last).length
  return { enabled: true, minMessages: 1, contextWindow: Math.max(1, Math.min(contextWindow, behind ?? contextWindow)) }
}
