import { WorkstreamError } from '@arawn/core/error'
import { isWorkstreamId, type WorkstreamId } from '@arawn/core/id'
import { nearestNames } from '@arawn/core/nearest'
import type { Workstream } from '@arawn/core/workstream'
import type { IndexReader } from '@arawn/core/workstream-index'
import { idPartsOf } from './id-parts.js'

/**
 * The workstream that a reference names which is no id: the one with this title, upper and lower case alike; else the
 * one whose id begins so, with or without `ws_`, or, for an id that we drew, ends so.
 *
 * @throws WORKSTREAM_NOT_FOUND with the nearest ids and titles
 * @throws WORKSTREAM_AMBIGUOUS with those that it may mean
 */
export async function findByName(rows: IndexReader, reference: string): Promise<WorkstreamId> {
  const titled = await rows.workstreamsByTitle(reference, MOST_CANDIDATES)
  const found = titled.length > 0 ? titled : await withIdPart(rows, reference)
  const [only] = found
  if (only === undefined) throw await notFound(rows, reference)
  if (found.length === 1) return only.id
  const candidates = found.map(({ id, title }) => ({ id, title }))
  const count = found.length < MOST_CANDIDATES ? String(found.length) : `${MOST_CANDIDATES} or more`
  const what = titled.length > 0 ? `the title "${reference}"; use an id` : `"${reference}" in their id; use more of it`
  throw new WorkstreamError('WORKSTREAM_AMBIGUOUS', `${count} workstreams have ${what}`, { reference, candidates })
}

// More than this nobody reads.
const MOST_CANDIDATES = 20

async function withIdPart(rows: IndexReader, reference: string): Promise<Workstream[]> {
  const found = new Map<WorkstreamId, Workstream>()
  for (const parts of idPartsOf(reference))
    for (const workstream of await rows.workstreamsByIdParts(parts, MOST_CANDIDATES))
      found.set(workstream.id, workstream)
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MOST_CANDIDATES)
}

async function notFound(rows: IndexReader, reference: string): Promise<WorkstreamError> {
  const { items } = await rows.workstreams({ state: 'all', limit: 1_000 })
  const names = items.flatMap(({ id, title }) => (title === null ? [id] : [title, id]))
  return workstreamNotFound(reference, nearestNames(reference, names))
}

export function workstreamNotFound(
  reference: string,
  suggestions: readonly string[] = [],
): WorkstreamError<'WORKSTREAM_NOT_FOUND'> {
  const hint = isWorkstreamId(reference) ? 'id or title' : 'title'
  return new WorkstreamError('WORKSTREAM_NOT_FOUND', `no workstream has the ${hint} "${reference}"`, {
    reference,
    suggestions,
  })
}
