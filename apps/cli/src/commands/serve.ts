import type { Command } from 'commander'
import type { Register } from '../program.js'
import { examples } from './options.js'

export function registerServe(program: Command, { run }: Register): void {
  const serve = program
    .command('serve')
    .description('serve the data dir over HTTP until Ctrl-C')
    .option('--host <address>', 'where to listen (default 127.0.0.1)')
    .option('--port <number>', 'the port; 0 takes any that is free (default 8080)')
    .action(run(async () => (await import('../actions/serve.js')).serve))
  examples(serve, [['arawn serve'], ['arawn serve --port 0']])
}
