import type { Command } from 'commander'
import type { Register } from '../program.js'
import { choice, examples, REF } from './options.js'

const FORMATS = ['native', 'openai', 'markdown'] as const
export type ExportFormat = (typeof FORMATS)[number]

export function registerExport(program: Command, { run }: Register): void {
  const command = program
    .command('export')
    .argument('<ref>', REF)
    .description('write a conversation out')
    .addOption(
      choice('--format <format>', 'every byte of its logs, chat JSONL, or a page to read', FORMATS).default('native'),
    )
    .option('-o, --output <file>', 'a file; "-" and without it standard output')
    .option('--force', 'overwrite the file')
    .action(run(async () => (await import('../actions/export-workstream.js')).exportWorkstream))
  examples(command, [
    ['arawn export "release notes" -o notes.arawn', 'import puts it back as it was'],
    ['arawn export "release notes" --format markdown -o notes.md'],
    ['arawn export "release notes" --format openai'],
  ])
}
