import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorkstreamClient } from '@arawn/client/create-workstream-client'
import { openManager, openModels } from '@arawn/server/compose'
import { onTestFinished } from 'vitest'
import { runProgram } from '../src/program.js'
import type { World } from '../src/world.js'

export interface CliRun {
  code: number
  out: string
  err: string
}

export interface RunOptions {
  stdin?: string | Uint8Array
  /** Typed on a terminal. */
  typed?: string
  env?: Record<string, string>
  /** Of stdout; makes it a terminal. */
  columns?: number
  /** Of stderr; makes it a terminal. */
  errColumns?: number
  interrupted?: AbortSignal
  divertInterrupt?: World['divertInterrupt']
  /** Told all that was printed so far, each time that there is more. */
  onOut?: (out: string) => void
  openManager?: World['openManager']
  openClient?: World['openClient']
}

export interface Cli {
  dir: string
  dataDir: string
  (...args: string[]): Promise<CliRun>
  with(options: RunOptions, ...args: string[]): Promise<CliRun>
}

/** The program on a home and a data dir of its own, without a process around it. */
export function makeCli(): Cli {
  const dir = mkdtempSync(join(tmpdir(), 'arawn-cli-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))

  async function run(options: RunOptions, args: string[]) {
    const out: Uint8Array[] = []
    const err: Uint8Array[] = []
    const screen = (into: Uint8Array[], columns?: number) => ({
      isTerminal: columns !== undefined,
      columns,
      write: async (bytes: string | Uint8Array) => {
        into.push(Buffer.from(bytes))
        if (into === out) options.onOut?.(Buffer.concat(out).toString())
      },
    })
    const typedLines = (options.typed ?? '').split('\n').slice(0, -1)
    const code = await runProgram({
      args,
      version: '0.0.0',
      env: { NO_COLOR: '1', ...options.env },
      cwd: dir,
      homeDir: dir,
      now: Date.now,
      stdin: {
        isTerminal: options.stdin === undefined,
        chunks: async function* () {
          yield Buffer.from(options.typed ?? options.stdin ?? '')
        },
        ask: async () => typedLines.shift(),
      },
      stdout: screen(out, options.columns),
      stderr: screen(err, options.errColumns),
      interrupted: options.interrupted ?? new AbortController().signal,
      divertInterrupt: options.divertInterrupt ?? (() => () => {}),
      openManager: options.openManager ?? openManager,
      openClient: options.openClient ?? (async (url, token) => createWorkstreamClient({ url, token })),
      openModels: async (...given) => openModels(...given),
    })
    return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }
  }

  const cli = (...args: string[]) => run({}, args)
  return Object.assign(cli, {
    dir,
    dataDir: join(dir, '.arawn', 'data'),
    with: (options: Parameters<typeof run>[0], ...args: string[]) => run(options, args),
  })
}
