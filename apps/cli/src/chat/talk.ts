import { WorkstreamError } from '@arawn/core/error'
import { fail } from '../fail.js'
import { untilInterrupted } from '../interruption.js'
import { answer } from './answer.js'
import type { Conversation } from './conversation.js'

/** Question and answer, until somebody leaves. What goes wrong is said, and the talk goes on. */
export async function talk(begun: Conversation): Promise<void> {
  const { world, colours, json } = begun.desk
  const conversation = begun
  for (;;) {
    const typed = await untilInterrupted(world.interrupted, world.stdin.ask(colours.bold('> ')))
    if (typed === undefined) return
    if (typed.trim() === '') continue
    try {
      await answerUntilStopped(conversation, typed)
    } catch (error) {
      if (!(error instanceof WorkstreamError)) throw error
      await fail(world, error, { json })
    }
  }
}

/** The first Ctrl-C stops the answer, the second one leaves. */
async function answerUntilStopped(conversation: Conversation, content: string): Promise<void> {
  const { world, notice } = conversation.desk
  const stopping = new AbortController()
  const letGo = world.divertInterrupt(() => stopping.abort())
  try {
    const { status } = await answer(conversation, content, stopping.signal)
    if (status === 'cancelled') await notice('stopped; what came until now is kept')
  } finally {
    letGo()
  }
}
