import { Command, CommanderError } from 'commander'
import { type Desk, type GlobalOptions, openDesk } from './command.js'
import { registerExport } from './commands/export.js'
import { registerImport } from './commands/import.js'
import { registerMaintenance } from './commands/maintenance.js'
import { registerMessage } from './commands/message.js'
import { registerSession } from './commands/session.js'
import { registerWorkstream } from './commands/workstream.js'
import { EXIT } from './exit-code.js'
import { fail } from './fail.js'
import type { World } from './world.js'

/** What a command does: its arguments as they were typed, and its options. */
// biome-ignore lint/suspicious/noExplicitAny: commander parses options, and types none of them
type Work = (desk: Desk, args: any[], options: any) => Promise<void>

export interface Register {
  /** Makes a commander action of a piece of work. */
  run(work: Work): (...received: unknown[]) => Promise<void>
}

/** Runs one command line. @returns the exit code */
export async function runProgram(world: World, version: string): Promise<number> {
  let exitCode: number = EXIT.ok
  let json = world.args.includes('--json')
  const program = new Command('arawn')
    .description('Conversations that outlive the process: workstreams on disk, with an index that can be thrown away.')
    .version(version)
    .option('--data-dir <dir>', 'where everything is kept (default ~/.arawn/data)')
    .option('--config <file>', 'settings (default ./arawn.toml, then ~/.arawn/arawn.toml)')
    .option('--json', 'records as they are: one object, or one a line')
    .option('--no-color', 'no colours')
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
      getOutHelpWidth: () => world.stdout.columns ?? 100,
    })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  arawn send "remember the milk"                    to scratch
  arawn workstream create "Release notes"
  arawn send -w "release notes" "2.0 is out on Friday"
  arawn history "release notes" --limit 5
  arawn import ~/.claude/projects/my-project        Claude Code transcripts
  arawn doctor`,
    )

  const register: Register = {
    run:
      (work) =>
      async (...received) => {
        const command = received.at(-1)
        if (!(command instanceof Command)) return
        const options = command.optsWithGlobals<GlobalOptions>()
        json = options.json === true
        const desk = await openDesk(world, options, (code) => {
          exitCode = code
        })
        await work(desk, variadic(command), options)
      },
  }
  for (const add of [
    registerWorkstream,
    registerMessage,
    registerSession,
    registerImport,
    registerExport,
    registerMaintenance,
  ])
    add(program, register)
  for (const command of program.commands) inherit(command)

  try {
    await program.parseAsync([...world.args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    return fail(world, error, { json })
  }
}

/** Arguments in order; those of a variadic one are laid out. */
function variadic(command: Command): unknown[] {
  return command.processedArgs.flat()
}

/** Sub-commands report their errors the same way. */
function inherit(command: Command): void {
  command.copyInheritedSettings(command.parent ?? command).exitOverride()
  for (const sub of command.commands) inherit(sub)
}
