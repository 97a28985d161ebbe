import { WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID } from '@arawn/core/id'
import { badOption } from '../commands/options.js'
import { fail } from '../fail.js'
import { untilInterrupted } from '../interruption.js'
import { printableLine } from '../terminal/printable.js'
import { titleOf } from '../terminal/title-of.js'
import { answer } from './answer.js'
import type { Conversation } from './conversation.js'
import { slashCommands } from './slash-commands.js'

/** Question and answer, until somebody leaves. What goes wrong is said, and the talk goes on. */
export async function talk(begun: Conversation): Promise<void> {
  const { world, colours, json } = begun.desk
  let conversation = begun
  if (world.stderr.isTerminal) await begun.desk.notice(await greeting(begun))
  for (;;) {
    const typed = await untilInterrupted(world.interrupted, world.stdin.ask(colours.bold('> ')))
    if (typed === undefined) return
    if (typed.trim() === '') continue
    try {
      const next = await understand(conversation, typed)
      if (next === undefined) return
      conversation = next
    } catch (error) {
      if (!(error instanceof WorkstreamError)) throw error
      await fail(world, error, { json })
    }
  }
}

async function greeting({ manager, workstreamId }: Conversation): Promise<string> {
  const name = workstreamId === SCRATCH_ID ? 'scratch' : titleOf(await manager.getWorkstream(workstreamId))
  return printableLine(`this is ${name}; /help says what can be typed beside messages`)
}

/** A `/` command, or something to be answered. A path has a second slash, and several lines are no command. */
async function understand(conversation: Conversation, typed: string): Promise<Conversation | undefined> {
  const [, name, words = ''] = /^\/([a-z]+)(?:[ \t]+(.*))?$/.exec(typed.trim()) ?? []
  if (name === undefined) {
    return answerUntilStopped(conversation, typed)
  }
  const command = Object.hasOwn(slashCommands, name) ? slashCommands[name] : undefined
  if (command === undefined) throw badOption(`/${name}`, 'is no command; /help lists them')
  return command.run(conversation, words.trim())
}

/** The first Ctrl-C stops the answer, the second one leaves. */
async function answerUntilStopped(conversation: Conversation, content: string): Promise<Conversation> {
  const { world, notice } = conversation.desk
  const stopping = new AbortController()
  const letGo = world.divertInterrupt(() => stopping.abort())
  try {
    const { turn, workstreamId } = await answer(conversation, content, stopping.signal)
    if (turn.status === 'cancelled') await notice('stopped; what came until now is kept')
    return { ...conversation, workstreamId }
  } finally {
    letGo()
  }
}
