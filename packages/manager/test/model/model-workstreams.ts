/** Workstreams of the model: made, changed, put away. */
import type { WorkstreamState } from '@arawn/core/workstream'
import type { CreateWorkstreamInput, UpdateWorkstreamInput } from '@arawn/core/workstream-operations'
import { showWorkstream } from './model-reads.js'
import { activeSession, closeSession } from './model-sessions.js'
import {
  addRecord,
  addWorkstream,
  find,
  type ModelDirKey,
  type ModelWorkstream,
  Refusal,
  refuseArchived,
  SCRATCH,
  type World,
} from './model-world.js'

/** @returns the answer: the workstream as it was when it was made */
export function create(world: World, input: CreateWorkstreamInput, drawnId: string): unknown {
  const { idempotency_key: key, ...asked } = input
  if (asked.id === SCRATCH || (asked.id !== undefined && !/^[a-z0-9][a-z0-9_-]*$/.test(asked.id)))
    throw new Refusal('INVALID_INPUT', { path: 'id' })
  const request = JSON.stringify(['create', asked])
  const first = firstRequest(world, key, request)
  if (first !== undefined) return first.answer
  const id = asked.id ?? drawnId
  if (world.workstreams.has(id)) throw new Refusal('WORKSTREAM_EXISTS', { workstreamId: id })
  const workstream = addWorkstream(world, id, world.nowMs)
  workstream.title = asked.title ?? null
  workstream.defaultModel = asked.default_model ?? null
  workstream.tags = [...new Set(asked.tags)]
  workstream.metadata = asked.metadata ?? {}
  const answer = showWorkstream(workstream)
  rememberRequest(world, workstream, key, request, answer)
  return answer
}

/** The first request with a key that is unique in the data dir. */
export function firstRequest(world: World, key: string | undefined, request: string): ModelDirKey | undefined {
  const [first] = [...world.workstreams.values()]
    .flatMap(({ dirKeys }) => dirKeys.filter((one) => one.key === key))
    .sort((a, b) => a.place - b.place)
  if (first !== undefined && first.request !== request)
    throw new Refusal('IDEMPOTENCY_KEY_REUSED', { workstreamId: null, key })
  return first
}

export function rememberRequest(
  world: World,
  workstream: ModelWorkstream,
  key: string | undefined,
  request: string,
  answer: unknown,
): void {
  if (key !== undefined) workstream.dirKeys.push({ key, request, place: world.written, answer })
}

export function update(world: World, reference: string, changes: UpdateWorkstreamInput): ModelWorkstream {
  const workstream = find(world, reference)
  refuseArchived(workstream)
  const before = showWorkstream(workstream)
  if (changes.title !== undefined) workstream.title = changes.title
  if (changes.default_model !== undefined) workstream.defaultModel = changes.default_model
  if (changes.tags !== undefined) workstream.tags = [...new Set(changes.tags)]
  if (changes.metadata !== undefined) workstream.metadata = changes.metadata
  if (JSON.stringify(before) !== JSON.stringify(showWorkstream(workstream)))
    addRecord(world, workstream, 'workstream.updated')
  return workstream
}

export type StateChange = 'pause' | 'resume' | 'archive' | 'unarchive'

export function changeState(world: World, reference: string, change: StateChange): ModelWorkstream {
  const workstream = find(world, reference)
  const { state: from, id: workstreamId } = workstream
  const wanted: Record<StateChange, WorkstreamState> = {
    pause: 'paused',
    resume: 'active',
    archive: 'archived',
    unarchive: 'active',
  }
  const to = wanted[change]
  if (from === to || (change === 'unarchive' && from !== 'archived')) return workstream
  const refused = change === 'archive' ? workstream.isScratch : change !== 'unarchive' && from === 'archived'
  if (refused) throw new Refusal('STATE_CHANGE_REFUSED', { workstreamId, from, to })
  addRecord(world, workstream, 'workstream.state_changed')
  workstream.state = to
  const active = activeSession(workstream)
  if (to === 'archived' && active !== undefined) closeSession(world, workstream, active, 'requested')
  return workstream
}
