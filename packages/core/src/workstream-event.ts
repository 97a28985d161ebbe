import type { WorkstreamId } from './id.js'
import type { Message } from './message.js'
import type { SessionsLogRecord, WorkstreamLogRecord } from './record.js'
import type { Stamp } from './stamp.js'

/** Which event a record is. Records that are not named here, such as adoptions, are none. */
export const eventTypes = {
  workstream_created: 'workstream.created',
  workstream_updated: 'workstream.updated',
  workstream_state_changed: 'workstream.state_changed',
  /** Lines came that are older than what was there before: whoever follows reads the workstream again. */
  workstream_arrived: 'workstream.resync',
  session_opened: 'session.opened',
  session_closed: 'session.closed',
  session_summarized: 'session.summarized',
  workstream_summarized: 'workstream.summarized',
  turn_started: 'turn.started',
  turn_ended: 'turn.ended',
  promotion_started: 'promotion.started',
  promotion_completed: 'promotion.completed',
} as const

type RecordType = keyof typeof eventTypes
type RecordOf<Type> = Extract<WorkstreamLogRecord | SessionsLogRecord, { type: Type }>

interface Placed {
  /** Names the event's place in the order of everything. Opaque; at most 120 characters, none of them a line end. */
  readonly cursor: string
  /** Of its line. Lines that were written by hand may share one. */
  readonly stamp: Stamp
  readonly workstream_id: WorkstreamId
}

/** A record that is an event, as it stands in its log. */
export type EventRecord = RecordOf<RecordType>

export type RecordEvent = {
  readonly [Type in RecordType]: Placed & {
    readonly type: (typeof eventTypes)[Type]
    readonly record: RecordOf<Type>
  }
}[RecordType]

/** The message is as it is read, also when it was moved elsewhere since. */
export type MessageEvent = Placed & { readonly type: 'message.created'; readonly message: Message }

/** What happened, once for each line of a log that says so. */
export type WorkstreamEvent = MessageEvent | RecordEvent
