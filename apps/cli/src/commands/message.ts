import type { Role } from '@arawn/core/message'
import { type Command, Option } from 'commander'
import type { Register } from '../program.js'
import { choice, examples, idempotencyKey, messageReference, positiveInteger, REF } from './options.js'

const ROLES: readonly Exclude<Role, 'agent_push'>[] = ['user', 'assistant', 'system', 'tool_use', 'tool_result']

export function registerMessage(program: Command, { run }: Register): void {
  const send = program
    .command('send')
    .argument('[text]', 'what is said; "-" and without it standard input')
    .description('append a message; without --workstream to scratch')
    .option('-w, --workstream <ref>', REF)
    .addOption(choice('--role <role>', 'who says it', ROLES).default('user'))
    .option('--author <name>', 'the name of who says it, where several people write')
    .addOption(idempotencyKey())
    .action(run(async () => (await import('../actions/send-messages.js')).sendMessage))

  examples(send, [
    ['arawn send "remember the milk"', 'to scratch'],
    ['arawn send -w "release notes" --role assistant "2.0 is out on Friday"'],
    ['git log -1 | arawn send -w "release notes"'],
  ])

  const push = program
    .command('push')
    .argument('<ref>', REF)
    .argument('[text]', 'what is said; "-" and without it standard input')
    .description('append a message of an agent or a background job')
    .option('--author <name>', 'the name of the agent or job')
    .addOption(idempotencyKey())
    .action(run(async () => (await import('../actions/send-messages.js')).pushMessage))

  examples(push, [['arawn push "release notes" "build 418 is green" --author ci']])

  const history = program
    .command('history')
    .argument('<ref>', REF)
    .description('read messages: the latest, the oldest of them first')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 50)
    .addOption(new Option('--all', 'from the first to the last').conflicts(['before', 'after', 'around']))
    .option('--before <message>', 'those before this one: its number or id', messageReference)
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

  examples(history, [
    ['arawn history scratch --limit 5'],
    ['arawn history "release notes" --before 120', 'a page before message 120'],
    ['arawn history "release notes" --all --json', 'every record, one a line'],
    ['arawn history "release notes" --follow', 'until Ctrl-C'],
  ])

  const events = program
    .command('events')
    .description('tell what happens in all workstreams, as it happens, until Ctrl-C')
    .option('--since <cursor>', 'all that came behind it: the cursor of an event, or a stamp; 0 for the beginning')
    .option('-w, --workstream <ref>', `only of ${REF}`)
    .action(run(async () => (await import('../actions/show-events.js')).showEvents))

  examples(events, [
    ['arawn events --json', 'from now on, one a line'],
    ['arawn events --since 0 -w "release notes"', 'from its beginning on'],
  ])
}
