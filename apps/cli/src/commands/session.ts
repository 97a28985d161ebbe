import type { Command } from 'commander'
import type { Register } from '../program.js'
import { examples, positiveInteger, REF } from './options.js'

export function registerSession(program: Command, { run }: Register): void {
  const session = program.command('session').description('list, show and end sessions: runs of turns between silences')

  session
    .command('list')
    .argument('<ref>', REF)
    .description('list its sessions, the newest first')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 20)
    .option('--after <cursor>', 'go on where a page before ended')
    .action(run(async () => (await import('../actions/list-sessions.js')).listSessions))

  session
    .command('show')
    .argument('<ref>', REF)
    .argument('[session]', 'its id; without it the active one, else the newest')
    .description('show everything about one session')
    .action(run(async () => (await import('../actions/show-session.js')).showSession))

  session
    .command('end')
    .argument('<ref>', REF)
    .argument('[session]', 'end it only if it is this one')
    .description('end the active session; the next message begins another')
    .action(run(async () => (await import('../actions/end-session.js')).endSession))

  session
    .command('sweep')
    .description('end every session that has been idle for the session timeout, in all workstreams')
    .action(run(async () => (await import('../actions/sweep-sessions.js')).sweepSessions))

  examples(session, [
    ['arawn session list "release notes"'],
    ['arawn session end "release notes"'],
    ['arawn session sweep', 'for a cron job, where no server runs'],
  ])
}
