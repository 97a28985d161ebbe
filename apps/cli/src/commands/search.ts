import { roleSchema } from '@arawn/core/message'
import type { Command } from 'commander'
import type { Register } from '../program.js'
import { oneOf, positiveInteger } from './options.js'

export function registerSearch(program: Command, { run }: Register): void {
  program
    .command('search <query...>')
    .description('messages by what they say: words, "a phrase", prefix*, -without, this OR that. Best first')
    .option('-w, --workstream <ref>', 'only in this one')
    .option('--session <id>', 'only in this session')
    .option('--role <role>', `one of ${roleSchema.options.join(', ')}`, oneOf('--role', roleSchema.options))
    .option('--author <name>', 'exactly as it was given')
    .option('--since <time>', 'said at this time or later: 2026-01-15, 2026-01-15T10:00Z, or 90m, 12h, 7d, 4w ago')
    .option('--until <time>', 'said before this time')
    .option('--limit <n>', 'how many at the most', positiveInteger('--limit'), 20)
    .option('--newest', 'the newest first')
    .option('--all', 'every one, the newest first')
    .option('--promoted', 'also those that were moved to another workstream')
    .action(run(async () => (await import('../actions/search-messages.js')).searchMessages))
}
