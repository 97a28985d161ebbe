import type { Command } from 'commander'
import type { Register } from '../program.js'
import { positiveInteger } from './options.js'

export function registerTrash(program: Command, { run }: Register): void {
  const trash = program.command('trash').description('workstreams that were purged')

  trash
    .command('list')
    .description('what is in it, the oldest first')
    .action(run(async () => (await import('../actions/list-trash.js')).listTrash))

  trash
    .command('restore <entry>')
    .description('put a workstream back: an entry, or an id for its newest entry')
    .action(run(async () => (await import('../actions/restore-trash.js')).restoreTrash))

  trash
    .command('empty [entry]')
    .description('delete for good: one entry, or all')
    .option('--older-than <days>', 'only what was purged so long ago', positiveInteger('--older-than'))
    .option('-y, --yes', 'do not ask')
    .action(run(async () => (await import('../actions/empty-trash.js')).emptyTrash))
}
