import type { Settings } from '@arawn/config/load-settings'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/manager/workstream-manager'
import { type Colours, coloursFor } from './terminal/colours.js'
import type { World } from './world.js'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly dataDir?: string | undefined
  readonly config?: string | undefined
  readonly json?: boolean | undefined
  readonly color?: boolean | undefined
}

/** What a command's work is given. */
export interface Desk {
  readonly world: World
  readonly settings: Settings
  readonly json: boolean
  readonly colours: Colours
  /** One line of text. */
  print(line: string): Promise<void>
  /** Records as they are, one a line. */
  printJson(...records: readonly unknown[]): Promise<void>
  /** Ends the command with this code when its work is done. */
  exitWith(code: number): void
}

export async function openDesk(world: World, options: GlobalOptions, exitWith: (code: number) => void): Promise<Desk> {
  const { readSettings } = await import('./read-settings.js')
  return {
    world,
    settings: readSettings(world, options),
    json: options.json === true,
    colours: coloursFor(world.stdout, world, options.color !== false),
    print: (line) => world.stdout.write(`${line}\n`),
    printJson: (...records) => world.stdout.write(records.map((record) => `${JSON.stringify(record)}\n`).join('')),
    exitWith,
  }
}

/** Opens the manager for one command and closes it whatever happens. */
export async function withManager(desk: Desk, work: (manager: WorkstreamManager) => Promise<void>): Promise<void> {
  if (!desk.settings.workstreams.enabled)
    throw new WorkstreamError(
      'WORKSTREAMS_DISABLED',
      'workstreams are switched off by the setting workstreams.enabled',
      {
        setting: 'workstreams.enabled',
      },
    )
  const { openManager } = await import('./compose.js')
  const manager = await openManager(desk.settings, {
    info: () => {},
    warn: (message) => {
      if (desk.world.stderr.isTerminal) void desk.world.stderr.write(`arawn: ${message}\n`)
    },
  })
  try {
    await work(manager)
  } finally {
    await manager.close()
  }
}
