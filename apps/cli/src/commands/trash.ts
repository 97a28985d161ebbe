import type { Command } from 'commander'
import type { Register } from '../program.js'
import { examples, positiveInteger } from './options.js'

const ENTRY = 'how its name begins, or the id or title of the workstream, or at least 4 characters of the id'

export function registerTrash(program: Command, { run }: Register): void {
  const trash = program.command('trash').description('list, restore or delete workstreams that were purged')

  trash
    .command('list')
    .description('list what is in it, the oldest first')
    .action(run(async () => (await import('../actions/list-trash.js')).listTrash))

  trash
    .command('restore')
    .argument('<entry>', ENTRY)
    .description('put a workstream back; of several entries of one workstream the newest')
    .action(run(async () => (await import('../actions/restore-trash.js')).restoreTrash))

  trash
    .command('empty')
    .argument('[entry]', `only this one: ${ENTRY}`)
    .description('delete for good: one entry, or all')
    .option('--older-than <days>', 'only what was purged so long ago', positiveInteger('--older-than'))
    .option('-y, --yes', 'do not ask')
    .action(run(async () => (await import('../actions/empty-trash.js')).emptyTrash))

  examples(trash, [
    ['arawn trash restore "release notes"'],
    ['arawn trash empty --older-than 30', 'what was purged 30 days ago or before'],
  ])
}
