import type { WorkstreamClient } from '@arawn/client/create-workstream-client'
import type { Settings } from '@arawn/config/load-settings'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'

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
  /**
   * The next Ctrl-C calls `stop` and ends nothing; the one behind it ends the program again.
   *
   * @returns ends this, whether there was one or not
   */
  readonly divertInterrupt: (stop: () => void) => () => void
  readonly openManager: (settings: Settings, env: World['env'], logger: Logger) => Promise<WorkstreamManager>
  /** The same on a server. @param token as the settings name it */
  readonly openClient: (url: string, token: string | undefined) => Promise<WorkstreamClient>
  readonly openModels: (settings: Settings, env: World['env']) => Promise<LanguageModels>
}

export interface Input {
  readonly isTerminal: boolean
  /** All of it. Asked for once. */
  readonly chunks: () => AsyncIterable<Uint8Array>
  /** What somebody types at a prompt, on a terminal; undefined at its end. */
  readonly ask: (prompt: string) => Promise<string | undefined>
}

export interface Screen {
  readonly isTerminal: boolean
  /** Width in columns, when it is a terminal that has one. */
  readonly columns: number | undefined
  /** Resolves when there is room for more. */
  write(bytes: string | Uint8Array): Promise<void>
}
