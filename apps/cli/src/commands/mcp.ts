import type { Command } from 'commander'
import type { Register } from '../program.js'
import { examples } from './options.js'

export function registerMcp(program: Command, { run }: Register): void {
  const mcp = program
    .command('mcp')
    .description('let a model use the data dir: the Model Context Protocol on standard input and output')
    .action(run(async () => (await import('../actions/serve-mcp.js')).serveMcp))
  examples(mcp, [
    ['arawn mcp'],
    ['claude mcp add arawn -- arawn mcp', 'for Claude Code'],
    ['claude mcp add arawn -- arawn --data-dir ~/notes mcp', 'with another data dir'],
  ])
}
