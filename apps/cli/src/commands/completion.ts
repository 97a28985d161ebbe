import { Argument, type Command } from 'commander'
import type { Register } from '../program.js'
import { examples, oneOf } from './options.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** What the scripts call. It is in no list, and says nothing when something is wrong. */
export const COMPLETE = '__complete'

export function registerCompletion(program: Command, { run }: Register): void {
  const completion = program
    .command('completion')
    .description('print a script with which your shell completes commands, options and titles')
    .addArgument(new Argument('<shell>', 'the shell you use').choices(SHELLS).argParser(oneOf('completion', SHELLS)))
    .action(run(async () => (await import('../actions/print-completion.js')).printCompletion))
  examples(completion, [
    ['source <(arawn completion bash)', 'in ~/.bashrc'],
    ['source <(arawn completion zsh)', 'in ~/.zshrc, after compinit'],
    ['arawn completion fish | source', 'in ~/.config/fish/config.fish'],
  ])

  program
    .command(COMPLETE, { hidden: true })
    .argument('<shell>')
    .argument('[words...]')
    .action(run(async () => (await import('../actions/complete-words.js')).completeWords(program)))
}
