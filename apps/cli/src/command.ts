import type { Settings } from '@arawn/config/load-settings'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { untilInterrupted } from './interruption.js'
import { openPlace } from './open-place.js'
import { type Colours, coloursFor } from './terminal/colours.js'
import { jsonLine } from './terminal/json-line.js'
import type { World } from './world.js'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly dataDir?: string | undefined
  readonly config?: string | undefined
  readonly server?: string | undefined
  /** Of `serve` alone. */
  readonly host?: string | undefined
  readonly port?: string | undefined
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly color?: boolean | undefined
}

/** What a command does: its arguments as they were typed, and its options. */
export type Work<Args extends readonly unknown[], Options> = (
  desk: Desk,
  args: Args,
  options: Options,
) => Promise<unknown>

/** What a command's work is given. */
export interface Desk {
  readonly world: World
  readonly settings: Settings
  readonly json: boolean
  readonly colours: Colours
  /** One line of text; what comes from logs or files has to be `printable`. */
  print(line: string): Promise<void>
  /** Records as they are, one a line. */
  printJson(...records: readonly unknown[]): Promise<void>
  /** A sentence on stderr for people who have not asked to be left alone. */
  notice(sentence: string): Promise<void>
  /** Ends the command with this code when its work is done; the first one counts. */
  exitWith(code: number): void
}

export async function openDesk(world: World, options: GlobalOptions, exitWith: (code: number) => void): Promise<Desk> {
  const { readSettings } = await import('./read-settings.js')
  return {
    // Nobody is told anything where nobody looks.
    world: options.quiet === true ? { ...world, stderr: { ...world.stderr, isTerminal: false } } : world,
    settings: readSettings(world, options),
    json: options.json === true,
    colours: coloursFor(world.stdout, world, options.color !== false),
    print: (line) => world.stdout.write(`${line}\n`),
    printJson: (...records) => world.stdout.write(records.map(jsonLine).join('')),
    notice: async (sentence) => {
      if (options.quiet !== true && options.json !== true) await world.stderr.write(`arawn: ${sentence}\n`)
    },
    exitWith,
  }
}

/** Opens the manager for one command and closes it whatever happens. */
export async function withManager(
  { world, settings, json }: Desk,
  work: (manager: WorkstreamManager) => Promise<unknown>,
): Promise<void> {
  const manager = await openPlace(world, settings, { tells: world.stderr.isTerminal && !json })
  let running: Promise<unknown> = Promise.resolve()
  try {
    world.interrupted.throwIfAborted()
    running = work(manager)
    await untilInterrupted(world.interrupted, running)
  } finally {
    const closed = manager.close()
    if (world.interrupted.aborted) await settledSoon(closed.then(() => running))
    else await closed
  }
}

// After Ctrl-C, work that waits for a lock or for its reader is left behind: logs and index stand a crash.
const PATIENCE_MS = 1_000

function settledSoon(work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work.catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
}
