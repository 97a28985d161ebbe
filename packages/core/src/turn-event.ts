import type { Message } from './message.js'
import type { Turn } from './turn.js'
import type { Workstream } from './workstream.js'

/** What whoever waits for an answer hears, in order. Only messages and the end are on disk; deltas are not. */
export type TurnEvent =
  /** The user's message is on disk. */
  | { readonly type: 'turn.started'; readonly interaction_id: string; readonly message: Message }
  /** A piece of the answer. Whoever comes late hears what was said so far in one piece. */
  | { readonly type: 'turn.delta'; readonly text: string }
  /** An answer, a tool call or its result is on disk. The text of an answer has come in deltas before. */
  | { readonly type: 'message.created'; readonly message: Message }
  /** What was said in its session was moved out of scratch, as it was agreed on in the turn: there it goes on. */
  | { readonly type: 'turn.promoted'; readonly id: string; readonly workstream: Workstream; readonly messages: number }
  /** It is over, with status `ok`, or `error` and `interrupted`, or `cancelled`. */
  | { readonly type: 'turn.completed' | 'turn.failed' | 'turn.cancelled'; readonly turn: Turn }
