import type { Logger } from '@arawn/core/logger'

export interface LoggedLine {
  readonly level: 'info' | 'warn'
  readonly message: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface RecordingLogger extends Logger {
  readonly lines: readonly LoggedLine[]
}

export function createRecordingLogger(): RecordingLogger {
  const lines: LoggedLine[] = []
  return {
    lines,
    info: (message, facts = {}) => lines.push({ level: 'info', message, facts }),
    warn: (message, facts = {}) => lines.push({ level: 'warn', message, facts }),
  }
}
