import { badOption } from './commands/options.js'
import { untilInterrupted } from './interruption.js'
import type { World } from './world.js'

/**
 * Asks before something that cannot be undone at once. Only `y` or `yes` is a yes.
 *
 * @param yes what `--yes` says: nothing is asked then
 * @throws INVALID_INPUT nobody can be asked
 */
export async function confirm(world: World, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) return true
  const { stdin, stderr, interrupted } = world
  if (!stdin.isTerminal) throw badOption('--yes', 'is required when there is no terminal to ask on')
  await stderr.write(`${question} [y/N] `)
  const answer = await untilInterrupted(interrupted, firstLine(stdin.chunks()))
  return /^y(es)?$/i.test(answer.trim())
}

async function firstLine(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString()
    if (text.includes('\n')) break
  }
  return text.split('\n', 1)[0] ?? ''
}
