import type { Command } from 'commander'
import type { Register } from '../program.js'
import { collect, idempotencyKey, messageReference, oneOf, positiveInteger } from './options.js'

const STATES = ['active', 'paused', 'archived', 'all'] as const

export function registerWorkstream(program: Command, { run }: Register): void {
  const workstream = program.command('workstream').alias('ws').description('create, list and change workstreams')

  workstream
    .command('create [title]')
    .description('create a workstream')
    .option('--id <id>', 'an id of your own: a-z, 0-9, "_" and "-", at most 64')
    .option('--model <profile>', 'the model profile that its turns use')
    .option('--tag <tag>', 'a tag; may be given several times', collect)
    .option('--metadata <key=value>', 'may be given several times', collect)
    .addOption(idempotencyKey())
    .action(run(async () => (await import('../actions/change-workstreams.js')).createWorkstream))

  workstream
    .command('list')
    .description('the latest used first')
    .option('--state <state>', `${STATES.join(', ')}; without it all but archived ones`, oneOf('--state', STATES))
    .option('--tag <tag>', 'only those with this tag')
    .option('--text <text>', 'only those with this in their title')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 20)
    .option('--all', 'every one, however many')
    .option('--after <cursor>', 'go on where a page before ended')
    .action(run(async () => (await import('../actions/list-workstreams.js')).listWorkstreams))

  workstream
    .command('show <ref>')
    .description('everything about one')
    .action(run(async () => (await import('../actions/show-workstream.js')).showWorkstream))

  workstream
    .command('update <ref>')
    .description('change some of it; what is not named stays')
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
    .command('fork <ref>')
    .description('copy it into a new workstream')
    .option('--at <message>', 'the last message of the copy: an id or a number', messageReference)
    .option('--title <title>', 'without it that of the original with " (fork)"')
    .option('--id <id>', 'an id of your own for the copy')
    .action(run(async () => (await import('../actions/fork-workstream.js')).forkWorkstream))

  workstream
    .command('purge <ref>')
    .description('move it to the trash')
    .option('-y, --yes', 'do not ask')
    .action(run(async () => (await import('../actions/purge-workstream.js')).purgeWorkstream))

  const changes = [
    ['pause', 'take messages, but run no background duties'],
    ['resume', 'undo pause'],
    ['archive', 'make it read-only and leave it out of lists'],
    ['unarchive', 'undo archive'],
  ] as const
  for (const [name, description] of changes)
    workstream
      .command(`${name} <ref>`)
      .description(description)
      .action(run(async () => (await import('../actions/change-workstreams.js')).changeState(name)))
}
