import { timestampOf } from '@arawn/core/clock'
import type { SessionId } from '@arawn/core/id'
import type { ImportedMessage, MessageSource } from '@arawn/core/import-source'
import type { DecidedRecord, DecisionContext } from './decision.js'

export interface ImportState {
  readonly conversationId: string
  /** The last imported session in this workstream, and when its first and its last message were said. */
  readonly lastSession?: ImportedSession | undefined
}

interface ImportedSession {
  readonly id: SessionId
  readonly startedMs: number
  readonly endedMs: number
}

/**
 * Turns messages of an imported conversation into records. A silence longer than the idle time is a border between
 * sessions, and so is a step back by more than that: another conversation may have come into this workstream before,
 * and this one may be older. The sessions were over before they came here, so they are never active.
 *
 * @param messages only those that are not there yet, in order
 */
export function decideImport(
  { conversationId, lastSession }: ImportState,
  messages: readonly ImportedMessage[],
  { idleMs }: { idleMs: number },
  { nowMs, nextStamp, ids }: DecisionContext,
): { records: DecidedRecord[]; lastSession: ImportState['lastSession']; opened: number } {
  const records: DecidedRecord[] = []
  let session = lastSession
  let opened = 0
  for (const message of messages) {
    const saidMs = message.timestamp === undefined ? (session?.endedMs ?? nowMs) : Date.parse(message.timestamp)
    const timestamp = timestampOf(saidMs)
    if (session === undefined || saidMs - session.endedMs > idleMs || session.startedMs - saidMs > idleMs) {
      const id = ids.next('ses')
      records.push({
        log: 'sessions',
        record: { v: 1, stamp: nextStamp(), type: 'session_opened', id, timestamp, imported: true },
      })
      session = { id, startedMs: saidMs, endedMs: saidMs }
      opened++
    }
    session = { ...session, endedMs: Math.max(session.endedMs, saidMs) }
    const source: MessageSource = { conversation_id: conversationId, key: message.key }
    records.push({
      log: 'messages',
      record: {
        v: 1,
        stamp: nextStamp(),
        id: ids.next('msg'),
        session_id: session.id,
        timestamp,
        role: message.role,
        content: message.content,
        ...(message.author !== undefined && { author: message.author }),
        metadata: { ...message.metadata, source: { ...source } },
      },
    })
  }
  return { records, lastSession: session, opened }
}
