import { type Command, Option } from 'commander'
import type { Register } from '../program.js'
import { MODEL } from './chat.js'
import { examples, REF } from './options.js'

/** What a model is told, and what became of the rest. */
export function registerContext(program: Command, { run }: Register): void {
  const context = program
    .command('context')
    .argument('<ref>', REF)
    .description('show what a model would be sent now, part by part, without asking it')
    .option('--message <text>', 'as if somebody said this next')
    .option('--model <name>', MODEL)
    .option('--explain', 'also why each part is there, and what of it is left out')
    .action(run(async () => (await import('../actions/show-context.js')).showContext))
  examples(context, [['arawn context "release notes"'], ['arawn context scratch --message "what next?" --explain']])

  const compress = program
    .command('compress')
    .argument('[ref]', REF)
    .description('summarize what there is to summarize now; what was said stays as it is')
    .option('--all', 'in all workstreams that are not archived')
    .addOption(new Option('--session <id>', 'only this session'))
    .option('--model <name>', `${MODEL}; by default workstream.compression.model, else none: code does it`)
    .option('--dry-run', 'only say what would be done')
    .action(run(async () => (await import('../actions/compress-workstreams.js')).compressWorkstreams))
  examples(compress, [['arawn compress "release notes"'], ['arawn compress --all --dry-run']])

  const summary = program
    .command('summary')
    .argument('<ref>', REF)
    .description('show the summaries that models are given')
    .option('--session <id>', 'only of this session')
    .option('--receipts', 'also how each was made, and what it keeps')
    .option('--all', 'also those that later ones replace')
    .action(run(async () => (await import('../actions/show-summaries.js')).showSummaries))
  examples(summary, [['arawn summary "release notes" --receipts']])

  program
    .command('facts')
    .argument('<ref>', REF)
    .description('show what summaries say that lasts')
    .action(run(async () => (await import('../actions/show-summaries.js')).showFacts))

  program
    .command('models')
    .description('list the language models that can be asked, the default first')
    .action(run(async () => (await import('../actions/list-models.js')).listModels))
}
