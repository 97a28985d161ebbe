import { timestampOf } from '@arawn/core/clock'
import { WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { Source } from '@arawn/core/import-source'
import type { Idempotency, Metadata } from '@arawn/core/message'
import type { WorkstreamLogRecord } from '@arawn/core/record'
import { commitTime } from '@arawn/core/stamp'
import type { ForkOrigin, Workstream, WorkstreamState } from '@arawn/core/workstream'
import type { DecidedRecord, DecisionContext } from './decision.js'
import { type ActiveSession, closeSession } from './session-decisions.js'

export interface NewWorkstream {
  readonly id: WorkstreamId
  readonly title: string | null
  readonly default_model?: string | null | undefined
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Metadata | undefined
  readonly source?: Source | undefined
  readonly idempotency?: Idempotency | undefined
  readonly forked_from?: ForkOrigin | undefined
}

export function decideCreate(
  existing: Workstream | undefined,
  input: NewWorkstream,
  context: DecisionContext,
): DecidedRecord[] {
  if (existing !== undefined)
    throw new WorkstreamError('WORKSTREAM_EXISTS', `there is already a workstream ${input.id}`, {
      workstreamId: input.id,
    })
  return [created(input, context)]
}

/** Scratch always exists: it is made when something first goes to it. */
export function decideScratch(context: DecisionContext): DecidedRecord {
  return created({ id: SCRATCH_ID, title: 'Scratch' }, context)
}

function created(input: NewWorkstream, { timestamp, nextStamp }: DecisionContext): DecidedRecord {
  const { id, title, default_model, tags, metadata, source, forked_from, idempotency } = input
  return {
    log: 'workstream',
    record: {
      v: 1,
      stamp: nextStamp(),
      type: 'workstream_created',
      timestamp,
      title,
      ...(id === SCRATCH_ID && { is_scratch: true }),
      ...(default_model != null && { default_model }),
      ...(tags !== undefined && tags.length > 0 && { tags: [...new Set(tags)] }),
      ...(metadata !== undefined && { metadata }),
      ...(source !== undefined && { source }),
      ...(forked_from !== undefined && { forked_from }),
      ...(idempotency !== undefined && { idempotency }),
    },
  }
}

/** A workstream as its creation alone makes it. */
export function createdWorkstream(
  id: WorkstreamId,
  record: Extract<WorkstreamLogRecord, { type: 'workstream_created' }>,
): Workstream {
  const createdAt = timestampOf(Date.parse(record.timestamp))
  return {
    id,
    title: record.title,
    summary: null,
    is_scratch: record.is_scratch ?? false,
    state: 'active',
    default_model: record.default_model ?? null,
    tags: record.tags ?? [],
    metadata: record.metadata ?? {},
    forked_from: record.forked_from ?? null,
    created_at: createdAt,
    updated_at: commitTime(record.stamp),
    last_message_at: null,
    message_count: 0,
  }
}

export interface WorkstreamChanges {
  readonly title?: string | null | undefined
  readonly default_model?: string | null | undefined
  readonly tags?: readonly string[] | undefined
  readonly metadata?: Metadata | undefined
}

/** Only what differs is recorded; nothing at all when nothing does. */
export function decideUpdate(
  workstream: Workstream,
  { title, default_model, tags, metadata }: WorkstreamChanges,
  { timestamp, nextStamp }: DecisionContext,
): DecidedRecord[] {
  refuseArchived(workstream)
  const changes = {
    ...(title !== undefined && title !== workstream.title && { title }),
    ...(default_model !== undefined && default_model !== workstream.default_model && { default_model }),
    ...(tags !== undefined && !sameJson([...new Set(tags)], workstream.tags) && { tags: [...new Set(tags)] }),
    ...(metadata !== undefined && !sameJson(metadata, workstream.metadata) && { metadata }),
  }
  if (Object.keys(changes).length === 0) return []
  return [{ log: 'workstream', record: { v: 1, stamp: nextStamp(), type: 'workstream_updated', timestamp, changes } }]
}

/** Remembers in the log that a conversation of another tool was taken in here. */
export function decideSource(
  { source, idempotency }: { source: Source; idempotency?: Idempotency | undefined },
  { timestamp, nextStamp }: DecisionContext,
): DecidedRecord {
  return {
    log: 'workstream',
    record: {
      v: 1,
      stamp: nextStamp(),
      type: 'workstream_updated',
      timestamp,
      changes: {},
      source,
      ...(idempotency !== undefined && { idempotency }),
    },
  }
}

/** Reaching the state that it is in already is fine and records nothing. */
export function decideState(
  workstream: Workstream,
  state: WorkstreamState,
  { timestamp, nextStamp }: DecisionContext,
): DecidedRecord[] {
  const { id, state: from } = workstream
  if (state === from) return []
  if (state === 'archived' && workstream.is_scratch) throw stateRefused(id, from, state, 'scratch always exists')
  if (state === 'paused' && from === 'archived') throw stateRefused(id, from, state, 'unarchive it first')
  return [
    { log: 'workstream', record: { v: 1, stamp: nextStamp(), type: 'workstream_state_changed', timestamp, state } },
  ]
}

/** Makes it read-only; nothing can end its active session afterwards, so that ends as well. */
export function decideArchive(
  workstream: Workstream,
  active: ActiveSession | undefined,
  context: DecisionContext,
): DecidedRecord[] {
  const archived = decideState(workstream, 'archived', context)
  if (archived.length === 0 || active === undefined) return archived
  return [...archived, closeSession(active, 'requested', context)]
}

/** Archived is left by `unarchive` only, so that nothing becomes writable by accident. */
export function decideResume(workstream: Workstream, context: DecisionContext): DecidedRecord[] {
  if (workstream.state === 'archived') throw stateRefused(workstream.id, 'archived', 'active', 'unarchive it first')
  return decideState(workstream, 'active', context)
}

export function decideUnarchive(workstream: Workstream, context: DecisionContext): DecidedRecord[] {
  return workstream.state === 'archived' ? decideState(workstream, 'active', context) : []
}

/** Fields and state at once: what makes it writable comes before the fields, what ends that behind them. */
export function decideChange(
  workstream: Workstream,
  { state, ...changes }: WorkstreamChanges & { readonly state?: WorkstreamState | undefined },
  active: ActiveSession | undefined,
  context: DecisionContext,
): DecidedRecord[] {
  const opened = state === undefined || state === 'archived' ? [] : decideUnarchive(workstream, context)
  const open: Workstream = opened.length === 0 ? workstream : { ...workstream, state: 'active' }
  const hasFields = Object.values(changes).some((value) => value !== undefined)
  const changed = hasFields || state === undefined ? decideUpdate(open, changes, context) : []
  if (state === undefined) return changed
  const closed = state === 'archived' ? decideArchive(open, active, context) : decideState(open, state, context)
  return [...opened, ...changed, ...closed]
}

/** Everything else may go, archived or not. */
export function refusePurge({ id, state, is_scratch }: Workstream): void {
  if (is_scratch) throw stateRefused(id, state, 'purged', 'scratch always exists')
}

export function refuseArchived(workstream: Workstream): void {
  if (workstream.state !== 'archived') return
  throw new WorkstreamError(
    'WORKSTREAM_ARCHIVED',
    `workstream ${workstream.id} is archived and read-only; unarchive it to go on`,
    { workstreamId: workstream.id },
  )
}

function stateRefused(workstreamId: string, from: string, to: string, why: string): WorkstreamError {
  return new WorkstreamError(
    'STATE_CHANGE_REFUSED',
    `workstream ${workstreamId} cannot go from ${from} to ${to}: ${why}`,
    { workstreamId, from, to },
  )
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
