import type { Role } from '@arawn/core/message'
import { type Command, Option } from 'commander'
import type { Register } from '../program.js'
import { idempotencyKey, messageReference, oneOf, positiveInteger } from './options.js'

const ROLES: readonly Exclude<Role, 'agent_push'>[] = ['user', 'assistant', 'system', 'tool_use', 'tool_result']

export function registerMessage(program: Command, { run }: Register): void {
  program
    .command('send [text]')
    .description('append a message; without --workstream to scratch. Text may come on standard input')
    .option('-w, --workstream <ref>', 'an id or a title')
    .option('--role <role>', `one of ${ROLES.join(', ')}`, oneOf('--role', ROLES), 'user')
    .option('--author <name>', 'who says it, where several people write')
    .addOption(idempotencyKey())
    .action(run(async () => (await import('../actions/send-messages.js')).sendMessage))

  program
    .command('push <ref> [text]')
    .description('append a message of an agent or a background job')
    .option('--author <name>', 'who pushes')
    .addOption(idempotencyKey())
    .action(run(async () => (await import('../actions/send-messages.js')).pushMessage))

  program
    .command('history <ref>')
    .description('the latest messages, oldest of them first')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 50)
    .addOption(new Option('--all', 'from the first to the last').conflicts(['before', 'after', 'around']))
    .option('--before <message>', 'those before this one: an id or a number', messageReference)
    .option('--after <message>', 'those after this one', messageReference)
    .option('--around <message>', 'this one and its neighbours', messageReference)
    .option('--include-promoted', 'also what was moved to other workstreams')
    .addOption(
      new Option('-f, --follow', 'then new messages as they come, until Ctrl-C').conflicts([
        'before',
        'after',
        'around',
      ]),
    )
    .action(run(async () => (await import('../actions/read-history.js')).readHistory))

  program
    .command('events')
    .description('what happens in all workstreams, as it happens, until Ctrl-C')
    .option('--since <cursor>', 'all that came behind it: the cursor of an event, or a stamp; 0 for the beginning')
    .option('-w, --workstream <ref>', 'only of this one')
    .action(run(async () => (await import('../actions/show-events.js')).showEvents))
}
