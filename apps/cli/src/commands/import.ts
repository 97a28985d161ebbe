import type { Command } from 'commander'
import type { Register } from '../program.js'
import { choice, examples } from './options.js'

const FORMATS = ['claude-code', 'openai', 'jsonl', 'native'] as const
export type ImportFileFormat = (typeof FORMATS)[number]

export function registerImport(program: Command, { run }: Register): void {
  const command = program
    .command('import')
    .argument('<paths...>', 'files, or folders with .jsonl, .json and .arawn files')
    .description('take conversations in; again only what is new')
    .addOption(choice('--format <format>', 'found by itself when not given', FORMATS))
    .option('--title <title>', 'for a conversation that is new here')
    .option('--into <ref>', 'add to this workstream instead of a new one')
    .action(run(async () => (await import('../actions/import-files.js')).importFiles))
  examples(command, [
    ['arawn import ~/.claude/projects/my-project'],
    ['arawn import chat.jsonl --into "release notes"'],
    ['arawn import notes.arawn', 'what export has written'],
  ])
}
