import type { WorkstreamId } from '@arawn/core/id'
import type { Turn } from '@arawn/core/turn'
import { failTurn } from '../fail.js'
import { createAnswerScreen } from './answer-screen.js'
import type { Conversation } from './conversation.js'

export interface Answered {
  readonly turn: Turn
  /** Where the talk goes on: it may have been moved out of scratch. */
  readonly workstreamId: WorkstreamId
}

/** Says something, and shows what comes: as text, or event by event with `--json`. */
export async function answer(
  { desk, manager, workstreamId, model }: Conversation,
  content: string,
  signal: AbortSignal,
): Promise<Answered> {
  const turn = await manager.chat({ workstream: workstreamId, content, model, signal })
  const screen = createAnswerScreen(desk)
  let goesOn = workstreamId
  for await (const event of turn.events()) {
    if (event.type === 'turn.promoted') goesOn = event.workstream.id
    if (desk.json) await desk.printJson(event)
    else await screen.show(event)
  }
  const ended = await turn.ended
  if (ended.status !== 'ok' && ended.status !== 'cancelled')
    desk.exitWith(await failTurn(desk.world, ended, { json: desk.json }))
  return { turn: ended, workstreamId: goesOn }
}
