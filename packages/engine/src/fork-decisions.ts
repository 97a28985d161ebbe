import type { SessionId, WorkstreamId } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import type { MessageRecord } from '@arawn/core/record'
import type { ForkOrigin, Workstream } from '@arawn/core/workstream'
import type { DecidedRecord, DecisionContext } from './decision.js'
import { decideCreate } from './workstream-decisions.js'

export interface NewFork {
  readonly id: WorkstreamId
  /** By default that of the original, marked as a fork. */
  readonly title?: string | null | undefined
  readonly origin: ForkOrigin
}

/**
 * Begins a copy of a workstream: it has the same tags, model and metadata. Its `source` is left out, so that a later import
 * of the same conversation still goes to the original.
 */
export function decideFork(
  original: Workstream,
  existing: Workstream | undefined,
  { id, title, origin }: NewFork,
  context: DecisionContext,
): DecidedRecord[] {
  const { default_model, tags, metadata } = original
  const wanted = {
    id,
    title: title === undefined ? forkTitle(original.title) : title,
    default_model,
    tags,
    metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
    forked_from: origin,
  }
  return decideCreate(existing, wanted, context)
}

/** Copies messages one after the other. */
export interface ForkCopy {
  /** @param startedAt when the session of the message began, in the original */
  recordsOf(message: Message, startedAt: string): DecidedRecord[]
}

/**
 * A copy keeps what was said, by whom and when, and the ids of messages and sessions. It has stamps of its own, and no
 * idempotency keys: whoever repeats a request means the original. Its sessions were over before they came here, like
 * those of an import.
 */
export function createForkCopy({ nextStamp }: DecisionContext): ForkCopy {
  const opened = new Set<SessionId>()
  return {
    recordsOf(message, startedAt) {
      const records: DecidedRecord[] = []
      const { session_id: id } = message
      if (!opened.has(id)) {
        opened.add(id)
        records.push({
          log: 'sessions',
          record: { v: 1, stamp: nextStamp(), type: 'session_opened', id, timestamp: startedAt, imported: true },
        })
      }
      const { sequence: _sequence, idempotency: _idempotency, ...said } = message
      const record: MessageRecord = { ...said, v: 1, stamp: nextStamp(), type: undefined }
      records.push({ log: 'messages', record })
      return records
    },
  }
}

const MARK = ' (fork)'
const LONGEST_TITLE = 200

/** Characters outside the basic plane are never cut in half. */
function forkTitle(title: string | null): string | null {
  if (title === null) return null
  const room = LONGEST_TITLE - MARK.length
  return `${
    title.length > room
      ? title
          .slice(0, room)
          .toWellFormed()
          .replace(/\ufffd$/, '')
      : title
  }${MARK}`
}
