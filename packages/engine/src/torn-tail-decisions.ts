import { derivedId } from '@arawn/core/derived-id'
import type { SessionId, WorkstreamId } from '@arawn/core/id'
import { decodeLine, type LoggedMessage } from '@arawn/core/line'
import type { LogName, MessageRecord } from '@arawn/core/record'
import type { DecidedRecord, DecisionContext } from './decision.js'

/**
 * The complete messages in the bytes of a torn tail. Only messages can be given back: nobody wrote a record of another
 * log by hand, and a session or a title of that time may be long out of date.
 */
export function messagesInTail(log: LogName, bytes: Uint8Array): LoggedMessage[] {
  if (log !== 'messages') return []
  const texts = new TextDecoder().decode(bytes).split('\n')
  return texts.flatMap((text) => {
    const line = decodeLine(log, text)
    return line.kind === 'message' ? [line.message] : []
  })
}

export interface TailPlace {
  readonly workstreamId: WorkstreamId
  /** Of the torn tail, in the quarantine. */
  readonly name: string
  /** The session of the last message that is there. */
  readonly lastSessionId: SessionId | undefined
}

/** A message with all that a torn tail may lack. Giving back the same tail again gives the same ids. */
export function completeMessage(
  message: LoggedMessage,
  nth: number,
  { workstreamId, name, lastSessionId }: TailPlace,
): LoggedMessage & { id: string; session_id: string } {
  const place = `${workstreamId}/${name}`
  return {
    ...message,
    id: message.id ?? derivedId('msg', place, nth),
    session_id: message.session_id ?? lastSessionId ?? derivedId('ses', place, nth),
  }
}

/** The record goes to the end of the log: it was never acknowledged, and others may have gone on since. */
export function decideRestoredMessage(
  message: LoggedMessage & { id: string; session_id: string },
  { nextStamp }: DecisionContext,
): DecidedRecord {
  const record: MessageRecord = { ...message, v: 1, stamp: nextStamp(), type: undefined }
  return { log: 'messages', record }
}
