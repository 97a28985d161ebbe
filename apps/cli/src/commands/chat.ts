import type { Command } from 'commander'
import type { Register } from '../program.js'
import { examples, REF } from './options.js'

/** What `--model` means on every help page. */
export const MODEL = 'a profile of the settings, or profile/model'

export function registerChat(program: Command, { run }: Register): void {
  const chat = program
    .command('chat')
    .description('talk to a language model; without --workstream in scratch. /help says what else can be typed')
    .option('-w, --workstream <ref>', `${REF}; a title that is not there yet is made`)
    .option('--model <name>', `${MODEL}; by default that of the workstream, else that of the settings`)
    .option('-m, --message <text>', 'say this, print the answer and end; so does text from standard input')
    .action(run(async () => (await import('../actions/chat.js')).chat))

  examples(chat, [
    ['arawn chat', 'on a terminal, until /quit or Ctrl-D'],
    ['arawn chat -w "release notes" -m "What is left to do?"'],
    ['git diff | arawn chat -w "release notes" --model best'],
  ])
}
