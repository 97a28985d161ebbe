import type { Command } from 'commander'
import type { Register } from '../program.js'
import { choice, collect, examples, idempotencyKey, messageReference, positiveInteger, REF } from './options.js'

const STATES = ['active', 'paused', 'archived', 'all'] as const

export function registerWorkstream(program: Command, { run }: Register): void {
  const workstream = program
    .command('workstream')
    .alias('ws')
    .description('create, list and change workstreams: conversations with a name')

  workstream
    .command('create')
    .argument('[title]', 'at most 200 characters')
    .description('create a workstream, and print its id')
    .option('--id <id>', 'an id of your own: a-z, 0-9, "_" and "-", at most 64')
    .option('--model <profile>', 'the model profile that its turns use')
    .option('--tag <tag>', 'a tag; may be given several times', collect)
    .option('--metadata <key=value>', 'may be given several times', collect)
    .addOption(idempotencyKey())
    .action(run(async () => (await import('../actions/change-workstreams.js')).createWorkstream))

  workstream
    .command('list')
    .description('list workstreams, the latest used first')
    .addOption(choice('--state <state>', 'without it all but archived ones', STATES))
    .option('--tag <tag>', 'only those with this tag')
    .option('--text <text>', 'only those with this in their title')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 20)
    .option('--all', 'every one, however many')
    .option('--after <cursor>', 'go on where a page before ended')
    .action(run(async () => (await import('../actions/list-workstreams.js')).listWorkstreams))

  workstream
    .command('show')
    .argument('<ref>', REF)
    .description('show everything about one workstream')
    .action(run(async () => (await import('../actions/show-workstream.js')).showWorkstream))

  workstream
    .command('update')
    .argument('<ref>', REF)
    .description('change its title, model, tags or metadata; what is not named stays')
    .option('--title <title>', 'the new title')
    .option('--no-title', 'remove the title')
    .option('--model <profile>', 'the new model profile')
    .option('--no-model', 'use the model of the settings')
    .option('--tag <tag>', 'the new tags; may be given several times', collect)
    .option('--no-tags', 'remove all tags')
    .option('--metadata <key=value>', 'the new metadata; may be given several times', collect)
    .option('--no-metadata', 'remove all metadata')
    .action(run(async () => (await import('../actions/change-workstreams.js')).updateWorkstream))

  workstream
    .command('fork')
    .argument('<ref>', REF)
    .description('copy it into a new workstream')
    .option('--at <message>', 'the last message of the copy: its number or id', messageReference)
    .option('--title <title>', 'without it that of the original with " (fork)"')
    .option('--id <id>', 'an id of your own for the copy')
    .action(run(async () => (await import('../actions/fork-workstream.js')).forkWorkstream))

  workstream
    .command('purge')
    .argument('<ref>', REF)
    .description('move it to the trash')
    .option('-y, --yes', 'do not ask')
    .action(run(async () => (await import('../actions/purge-workstream.js')).purgeWorkstream))

  const changes = [
    ['pause', 'take messages, but run no background duties'],
    ['resume', 'go on after a pause'],
    ['archive', 'make it read-only and leave it out of lists'],
    ['unarchive', 'make it writable again and put it back in lists'],
  ] as const
  for (const [name, description] of changes)
    workstream
      .command(name)
      .argument('<ref>', REF)
      .description(description)
      .action(run(async () => (await import('../actions/change-workstreams.js')).changeState(name)))

  examples(workstream, [
    ['arawn workstream create "Release notes" --tag docs'],
    ['arawn workstream list --text release'],
    ['arawn workstream update "release notes" --title "Release notes 2.0"'],
    ['arawn workstream archive "release notes 2.0"'],
    ['arawn workstream fork "release notes" --at 120', 'a copy up to message 120'],
  ])
}
