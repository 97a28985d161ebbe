import type { WorkstreamId } from './id.js'
import type { Message } from './message.js'
import type { SessionsLogRecord, WorkstreamLogRecord } from './record.js'
import type { Stamp } from './stamp.js'
import type { TurnEnd } from './turn.js'

/** Which event a record is. Records that are not named here, such as adoptions, are none. */
const eventTypes = {
  workstream_created: 'workstream.created',
  workstream_updated: 'workstream.updated',
  workstream_state_changed: 'workstream.state_changed',
  /** Lines came that are older than what was there before: whoever follows reads the workstream again. */
  workstream_arrived: 'workstream.resync',
  session_opened: 'session.opened',
  session_closed: 'session.closed',
  session_summarized: 'session.summarized',
  workstream_summarized: 'workstream.summarized',
  compression_attempted: 'compression.degraded',
  /** Of a provider batch, which may take a day: it is begun by one process and collected by any. */
  compression_claimed: 'compression.started',
  compression_collected: 'compression.completed',
  turn_started: 'turn.started',
  promotion_started: 'promotion.started',
  promotion_completed: 'workstream.promoted',
} as const

/** Which event the end of a turn is. */
export const turnEndEvents = {
  ok: 'turn.completed',
  error: 'turn.failed',
  interrupted: 'turn.failed',
  cancelled: 'turn.cancelled',
} as const satisfies Record<TurnEnd, string>

type FixedType = keyof typeof eventTypes
type RecordOf<Type> = Extract<WorkstreamLogRecord | SessionsLogRecord, { type: Type }>

interface Placed {
  /** Names the event's place in the order of everything. Opaque; at most 120 characters, none of them a line end. */
  readonly cursor: string
  /** Of its line. Lines that were written by hand may share one. */
  readonly stamp: Stamp
  readonly workstream_id: WorkstreamId
}

/** A record that is an event, as it stands in its log. */
export type EventRecord = RecordOf<FixedType | 'turn_ended'>

export type RecordEvent =
  | {
      readonly [Type in FixedType]: Placed & {
        readonly type: (typeof eventTypes)[Type]
        readonly record: RecordOf<Type>
      }
    }[FixedType]
  | (Placed & { readonly type: (typeof turnEndEvents)[TurnEnd]; readonly record: RecordOf<'turn_ended'> })

/** The message is as it is read, also when it was moved elsewhere since. */
export type MessageEvent = Placed & { readonly type: 'message.created'; readonly message: Message }

/** What happened, once for each line of a log that says so. */
export type WorkstreamEvent = MessageEvent | RecordEvent

export function isEventRecord(record: WorkstreamLogRecord | SessionsLogRecord): record is EventRecord {
  return record.type === 'turn_ended' || Object.hasOwn(eventTypes, record.type)
}

export function eventTypeOf(record: EventRecord): RecordEvent['type'] {
  return record.type === 'turn_ended' ? turnEndEvents[record.status] : eventTypes[record.type]
}
