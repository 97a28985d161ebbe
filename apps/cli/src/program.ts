import { WorkstreamError } from '@arawn/core/error'
import { Command, CommanderError } from 'commander'
import { type GlobalOptions, openDesk, type Work } from './command.js'
import { registerChat } from './commands/chat.js'
import { COMPLETE, registerCompletion } from './commands/completion.js'
import { registerContext } from './commands/context.js'
import { registerExport } from './commands/export.js'
import { registerImport } from './commands/import.js'
import { registerMaintenance } from './commands/maintenance.js'
import { registerMcp } from './commands/mcp.js'
import { registerMessage } from './commands/message.js'
import { registerPromote } from './commands/promote.js'
import { registerSearch } from './commands/search.js'
import { registerServe } from './commands/serve.js'
import { registerSession } from './commands/session.js'
import { registerTrash } from './commands/trash.js'
import { registerWorkstream } from './commands/workstream.js'
import { EXIT } from './exit-code.js'
import { fail } from './fail.js'
import { Interrupted } from './interruption.js'
import type { World } from './world.js'

export interface Register {
  /** Makes a commander action of a piece of work, which is loaded only when it is asked for. */
  run<Args extends readonly unknown[], Options extends object>(
    load: () => Promise<Work<Args, Options>>,
  ): (...received: unknown[]) => Promise<void>
}

/** Runs one command line. @returns the exit code */
export async function runProgram(world: World): Promise<number> {
  let exitCode: number = EXIT.ok
  const json = asksForJson(world.args)
  const register: Register = {
    run:
      <Args extends readonly unknown[], Options extends object>(load: () => Promise<Work<Args, Options>>) =>
      async (...received) => {
        const command = received.at(-1)
        if (!(command instanceof Command)) return
        const options = command.optsWithGlobals<Options & GlobalOptions>()
        const desk = await openDesk(world, options, (code) => {
          if (exitCode === EXIT.ok) exitCode = code
        })
        const work = await load()
        // Commander hands over arguments untyped; before them stands what the command's definition says.
        await work(desk, received.slice(0, -2) as unknown as Args, options)
      },
  }
  try {
    await createProgram(world, register, { json }).parseAsync([...world.args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode
    if (world.args[0] === COMPLETE) return EXIT.ok
    if (!(error instanceof CommanderError)) return fail(world, error, { json })
    if (error.exitCode === 0) return EXIT.ok
    return isHelp(error) && !json ? EXIT.usage : fail(world, usageError(error), { json })
  }
}

function createProgram({ version, stdout, stderr }: World, register: Register, { json }: { json: boolean }): Command {
  const program = new Command('arawn')
    .description('Conversations that outlive the process: workstreams on disk, with an index that can be thrown away.')
    .version(version, '-V, --version', 'show the version')
    .option('--data-dir <dir>', 'where everything is kept (default ~/.arawn/data)')
    .option('--server <url>', 'work on a server of Arawn instead of a data dir (its token: ARAWN_TOKEN)')
    .option('--config <file>', 'settings (default ./arawn.toml, then ~/.arawn/arawn.toml)')
    .option('--json', 'records as they are: one object, or one a line')
    .option('-q, --quiet', 'no notices, warnings or progress on standard error; errors stay')
    .option('--no-color', 'no colours')
    .configureHelp({ showGlobalOptions: true })
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help')
    .configureOutput({
      writeOut: (text) => void stdout.write(text).catch(() => {}),
      writeErr: (text) => void (json ? undefined : stderr.write(text)),
      // `fail` says it, like all that goes wrong.
      outputError: () => {},
      getOutHelpWidth: () => stdout.columns ?? 100,
    })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', EXAMPLES)
  registerWorkstream(program, register)
  registerChat(program, register)
  registerMessage(program, register)
  registerContext(program, register)
  registerSearch(program, register)
  registerSession(program, register)
  registerPromote(program, register)
  registerImport(program, register)
  registerExport(program, register)
  registerTrash(program, register)
  registerMaintenance(program, register)
  registerServe(program, register)
  registerMcp(program, register)
  registerCompletion(program, register)
  for (const command of program.commands) inherit(command, program)
  return program
}

const EXAMPLES = `
A workstream is named by its id, its title, or at least 4 characters of its id. "scratch" is always there.

Examples:
  arawn chat                                        talk to a model, in scratch
  arawn send "remember the milk"                    to scratch
  arawn history scratch
  arawn workstream create "Release notes"
  arawn send -w "release notes" "2.0 is out on Friday"
  arawn search "friday OR monday" --since 7d
  arawn import ~/.claude/projects/my-project        Claude Code transcripts
  arawn export "release notes" --format markdown    a page to read
  arawn help send                                   every option of a command`

/** Sub-commands report their errors the same way. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent).exitOverride()
  for (const sub of command.commands) inherit(sub, command)
}

/** Asked before anything is parsed: what is wrong with the arguments is said as JSON too. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? undefined : end).includes('--json')
}

function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.help'
}

function usageError(error: CommanderError): WorkstreamError<'INVALID_INPUT'> {
  const problem = isHelp(error) ? 'a command is missing' : error.message.replace(/^error: /, '')
  return new WorkstreamError('INVALID_INPUT', problem, { path: 'arguments', problem })
}
