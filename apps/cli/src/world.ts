/** Everything outside that a command touches: the process in production, plain values in tests. */
export interface World {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
  readonly now: () => number
  readonly stdin: { readonly isTerminal: boolean; text(): Promise<string> }
  readonly stdout: Screen
  readonly stderr: Screen
}

export interface Screen {
  readonly isTerminal: boolean
  /** Width in columns, when it is a terminal. */
  readonly columns: number | undefined
  /** Resolves when there is room for more. */
  write(bytes: string | Uint8Array): Promise<void>
}
