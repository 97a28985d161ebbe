import type { CountText } from '../context.js'
import { labels, nameText } from './labels.js'
import type { ShowMessage } from './message-view.js'
import { pairCalls } from './pair-calls.js'
import { toolNameOf } from './tool-name.js'
import { type TurnBlocks, TurnWriter } from './turn-writer.js'
import type { Turn } from './turns.js'

export interface BlockOptions {
  readonly show: ShowMessage
  readonly count: CountText
  readonly startedAt: (session: string) => string | undefined
  /** Recalled messages, to stand before the turn. */
  readonly echoes?: string | undefined
}

/** Orders what was said in a turn by who speaks to whom; calls stand together until one of them is answered. */
export function blocksOfTurn(turn: Turn, { show, count, startedAt, echoes }: BlockOptions): TurnBlocks {
  const resultOf = pairCalls(turn.messages)
  const paired = new Set(resultOf.values())
  const writer = new TurnWriter(show, count)
  let session = turn.sessionBefore
  if (echoes !== undefined) writer.echoes(echoes)
  for (const message of turn.messages) {
    if (paired.has(message)) {
      writer.answered(message)
      continue
    }
    const { role, timestamp, session_id: sessionId } = message
    const author = nameText(message.author)
    if (sessionId !== session) writer.dateLine(labels.session(startedAt(sessionId) ?? timestamp))
    session = sessionId
    switch (role) {
      case 'user':
        writer.user(message, labels.message(author, timestamp), author !== undefined)
        break
      case 'agent_push':
        writer.labelled(message, labels.push(author, timestamp))
        break
      case 'system':
        writer.labelled(message, labels.note(timestamp))
        break
      case 'tool_result':
        writer.labelled(message, labels.lateResult(toolNameOf(message), timestamp))
        break
      case 'assistant':
        writer.assistant(message)
        break
      case 'tool_use':
        writer.call(message, resultOf.get(message))
        break
    }
  }
  return writer.written()
}
