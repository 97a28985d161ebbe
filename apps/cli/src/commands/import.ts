import type { Command } from 'commander'
import type { Register } from '../program.js'
import { oneOf } from './options.js'

const FORMATS = ['claude-code', 'openai', 'jsonl', 'native'] as const
export type ImportFileFormat = (typeof FORMATS)[number]

export function registerImport(program: Command, { run }: Register): void {
  program
    .command('import <paths...>')
    .description('take conversations in, from files or from all .jsonl, .json and .arawn files of a folder')
    .option(
      '--format <format>',
      `one of ${FORMATS.join(', ')}; found by itself when not given`,
      oneOf('--format', FORMATS),
    )
    .option('--title <title>', 'for a conversation that is new here')
    .option('--into <ref>', 'add to this workstream instead of a new one')
    .action(run(async () => (await import('../actions/import-files.js')).importFiles))
}
