import { type Command, Option } from 'commander'
import type { Register } from '../program.js'
import { idempotencyKey, messageRange } from './options.js'

export function registerPromote(program: Command, { run }: Register): void {
  program
    .command('promote')
    .description('move messages out of scratch: its active session, or what is named')
    .addOption(new Option('--session <id>', 'all of this session').conflicts('messages'))
    .addOption(new Option('--messages <range>', 'from one to another, such as 12..20').argParser(messageRange))
    .addOption(new Option('--title <title>', 'into a new workstream of this title').conflicts('into'))
    .option('--into <ref>', 'into this workstream')
    .addOption(idempotencyKey())
    .action(run(async () => (await import('../actions/promote-messages.js')).promoteMessages))
}
