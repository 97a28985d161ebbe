import type { Command } from 'commander'
import type { Register } from '../program.js'
import { positiveInteger } from './options.js'

export function registerSession(program: Command, { run }: Register): void {
  const session = program.command('session').description('list and end sessions')

  session
    .command('list <ref>')
    .description('the newest first')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 20)
    .option('--after <cursor>', 'go on where a page before ended')
    .action(run(async () => (await import('../actions/list-sessions.js')).listSessions))

  session
    .command('end <ref>')
    .description('end the active session')
    .option('--session <id>', 'only if it is this one')
    .action(run(async () => (await import('../actions/end-session.js')).endSession))
}
