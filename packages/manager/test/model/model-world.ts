/**
 * A data dir as its users see it, kept in memory: what the documentation promises, in the simplest way.
 *
 * It shares no code with the product but ids that are derived from a position. Time is in milliseconds; a commit has the
 * time of the clock, or of the latest commit when the clock was set back (docs/log-format.md, "Stamp").
 */
import { derivedId } from '@arawn/core/derived-id'
import type { ErrorCode } from '@arawn/core/error'
import type { Metadata, Role } from '@arawn/core/message'
import type { ForkOrigin, WorkstreamState } from '@arawn/core/workstream'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'

export const SCRATCH = 'scratch'

export interface World {
  nowMs: number
  /** The time of the latest commit. */
  topMs: number
  /** Counts all that was ever written. */
  written: number
  /** The greatest place that the index has seen, which forgets what went to the trash when it is built anew. */
  indexed: number
  readonly workstreams: Map<string, ModelWorkstream>
  readonly trash: ModelTrash[]
  readonly tornTails: ModelTornTail[]
}

/** A torn tail that was cut from messages.jsonl. */
export interface ModelTornTail {
  readonly name: string
  readonly workstreamId: string
  /** undefined: it is not a complete one. */
  readonly message: Pick<Said, 'role' | 'content' | 'timestamp'> | undefined
  /** The id that it has got when it was given back. */
  messageId?: string | undefined
}

/** What happened, with its place in the order of everything. */
export interface ModelEvent {
  readonly place: number
  readonly atMs: number
  readonly type: WorkstreamEvent['type']
  /** Of a message. */
  readonly messageId?: string
}

export interface ModelTrash {
  readonly name: string
  readonly trashedAtMs: number
  readonly workstream: ModelWorkstream
}

export interface ModelWorkstream {
  readonly id: string
  title: string | null
  readonly isScratch: boolean
  /** Its creation stands in the log; else it is implied by other lines, the earliest of which says when it began. */
  readonly created: boolean
  createdMs: number | undefined
  updatedMs: number
  lastSaidMs: number | undefined
  state: WorkstreamState
  defaultModel: string | null
  tags: readonly string[]
  metadata: Metadata
  forkedFrom: ForkOrigin | null
  readonly events: ModelEvent[]
  /** Lines of its messages.jsonl, those that are no message included. */
  lines: number
  readonly messages: ModelMessage[]
  readonly sessions: ModelSession[]
  /** Keys that are unique in it. */
  readonly keys: Map<string, { request: string; messageId?: string; promotion?: ModelPromotion }>
  /** Keys of its records that are unique in the data dir. */
  readonly dirKeys: ModelDirKey[]
  readonly sources: string[]
}

export interface ModelSession {
  readonly id: string
  readonly startedMs: number
  endedMs: number | null
  status: 'active' | 'ended' | 'timed_out'
  reason: string | null
  lastActivityMs: number
}

export interface ModelMessage {
  readonly sequence: number
  readonly said: Said
  /** The workstream that it was promoted to. */
  movedTo: string | undefined
}

export interface Said {
  readonly id: string
  readonly session_id: string
  readonly timestamp: string
  readonly role: Role
  readonly content: string
  readonly author?: string | undefined
  readonly interaction_id?: string | undefined
  readonly idempotency?: { readonly key: string } | undefined
  readonly metadata?: Metadata | undefined
}

export interface ModelPromotion {
  readonly id: string
  readonly targetId: string
  readonly messages: number
}

export interface ModelDirKey {
  readonly key: string
  readonly request: string
  readonly place: number
  readonly answer: unknown
}

/** An expected failure. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(`${code} ${JSON.stringify(details)}`)
  }
}

export function createWorld(nowMs: number): World {
  return { nowMs, topMs: 0, written: 0, indexed: 0, workstreams: new Map(), trash: [], tornTails: [] }
}

/** @param createdMs undefined: nothing but lines that somebody else wrote says that it is there */
export function addWorkstream(world: World, id: string, createdMs: number | undefined): ModelWorkstream {
  const workstream: ModelWorkstream = {
    id,
    title: null,
    isScratch: id === SCRATCH,
    created: createdMs !== undefined,
    createdMs,
    updatedMs: 0,
    lastSaidMs: undefined,
    state: 'active',
    defaultModel: null,
    tags: [],
    metadata: {},
    forkedFrom: null,
    events: [],
    lines: 0,
    messages: [],
    sessions: [],
    keys: new Map(),
    dirKeys: [],
    sources: [],
  }
  world.workstreams.set(id, workstream)
  if (createdMs !== undefined) addRecord(world, workstream, 'workstream.created')
  return workstream
}

/** The workstream that an id names, else a title; scratch is made when it is asked for. */
export function find(world: World, reference: string): ModelWorkstream {
  const exact = world.workstreams.get(reference)
  if (exact !== undefined) return exact
  if (reference === SCRATCH) {
    const scratch = addWorkstream(world, SCRATCH, world.nowMs)
    scratch.title = 'Scratch'
    return scratch
  }
  const titled = [...world.workstreams.values()].filter(({ title }) => title !== null && same(title, reference))
  const [only] = titled
  if (only === undefined) throw new Refusal('WORKSTREAM_NOT_FOUND', { reference })
  if (titled.length === 1) return only
  const candidates = titled.map(({ id, title }) => ({ id, title })).sort((a, b) => (a.id < b.id ? -1 : 1))
  throw new Refusal('WORKSTREAM_AMBIGUOUS', { reference, candidates })
}

export function fold(title: string): string {
  return title.normalize('NFC').toLowerCase()
}

function same(a: string, b: string): boolean {
  return fold(a) === fold(b)
}

export function refuseArchived({ id, state }: ModelWorkstream): void {
  if (state === 'archived') throw new Refusal('WORKSTREAM_ARCHIVED', { workstreamId: id })
}

/** A record is written now, which says that something happened. */
export function addRecord(
  world: World,
  workstream: ModelWorkstream,
  type: ModelEvent['type'],
  timestampMs = world.nowMs,
): void {
  happen(world, workstream, { type })
  workstream.updatedMs = Math.max(workstream.updatedMs, world.topMs)
  implyCreation(workstream, timestampMs)
}

export function happen(world: World, { events }: ModelWorkstream, what: Pick<ModelEvent, 'type' | 'messageId'>): void {
  world.topMs = Math.max(world.topMs, world.nowMs)
  world.indexed = ++world.written
  events.push({ ...what, place: world.written, atMs: world.topMs })
}

/** Appends a message; its session is implied when nobody opened it. */
export function addMessage(world: World, workstream: ModelWorkstream, said: Said): ModelMessage {
  const { messages, sessions } = workstream
  const sequence = ++workstream.lines
  const isTaken = messages.some((other) => other.said.id === said.id)
  const id = isTaken ? derivedId('msg', workstream.id, sequence) : said.id
  const saidMs = Date.parse(said.timestamp)
  happen(world, workstream, { type: 'message.created', messageId: id })
  const nowMs = world.topMs
  let session = sessions.find((other) => other.id === said.session_id)
  if (session === undefined) {
    session = {
      id: said.session_id,
      startedMs: saidMs,
      endedMs: saidMs,
      status: 'ended',
      reason: 'implied',
      lastActivityMs: nowMs,
    }
    sessions.push(session)
  }
  session.lastActivityMs = Math.max(session.lastActivityMs, nowMs)
  if (session.reason === 'implied' || session.reason === 'imported')
    session.endedMs = Math.max(session.endedMs ?? saidMs, saidMs)
  workstream.updatedMs = Math.max(workstream.updatedMs, nowMs)
  workstream.lastSaidMs = Math.max(workstream.lastSaidMs ?? saidMs, saidMs)
  implyCreation(workstream, saidMs)
  const message: ModelMessage = { sequence, said: { ...said, id }, movedTo: undefined }
  messages.push(message)
  return message
}

function implyCreation(workstream: ModelWorkstream, timestampMs: number): void {
  if (!workstream.created) workstream.createdMs = Math.min(workstream.createdMs ?? timestampMs, timestampMs)
}
