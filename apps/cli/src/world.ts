import type { Settings } from '@arawn/config/load-settings'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/manager/workstream-manager'

/** Everything outside that a command touches: the process in production, plain values in tests. */
export interface World {
  readonly args: readonly string[]
  readonly version: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
  readonly now: () => number
  readonly stdin: Input
  readonly stdout: Screen
  readonly stderr: Screen
  /** Aborted with an `Interrupted` when the program has to end. */
  readonly interrupted: AbortSignal
  readonly openManager: (settings: Settings, logger: Logger) => Promise<WorkstreamManager>
}

export interface Input {
  readonly isTerminal: boolean
  /** All of it. Asked for once. */
  readonly chunks: () => AsyncIterable<Uint8Array>
}

export interface Screen {
  readonly isTerminal: boolean
  /** Width in columns, when it is a terminal. */
  readonly columns: number | undefined
  /** Resolves when there is room for more. */
  write(bytes: string | Uint8Array): Promise<void>
}
