import type { Command } from 'commander'
import type { Register } from '../program.js'
import { oneOf } from './options.js'

const FORMATS = ['native', 'openai'] as const
export type ExportFormat = (typeof FORMATS)[number]

export function registerExport(program: Command, { run }: Register): void {
  program
    .command('export <ref>')
    .description('write a conversation out')
    .option(
      '--format <format>',
      `${FORMATS.join(' or ')}: every byte of the logs, or chat JSONL`,
      oneOf('--format', FORMATS),
      'native',
    )
    .option('-o, --output <file>', 'a file; "-" and without it standard output')
    .option('--force', 'overwrite the file')
    .action(run(async () => (await import('../actions/export-workstream.js')).exportWorkstream))
}
