import { WorkstreamError } from '@arawn/core/error'
import { isWorkstreamId, type WorkstreamId } from '@arawn/core/id'
import { nearestNames } from '@arawn/core/nearest'
import type { IndexReader } from '@arawn/core/workstream-index'

/**
 * The workstream that a title names: the one that has it, upper and lower case alike.
 *
 * @throws WORKSTREAM_NOT_FOUND with the nearest ids and titles
 * @throws WORKSTREAM_AMBIGUOUS with all that have it
 */
export async function findByTitle(rows: IndexReader, reference: string): Promise<WorkstreamId> {
  const found = await rows.workstreamsByTitle(reference, 20)
  const [only] = found
  if (found.length === 1 && only !== undefined) return only.id
  if (only === undefined) throw await notFound(rows, reference)
  const candidates = found.map(({ id, title }) => ({ id, title }))
  throw new WorkstreamError(
    'WORKSTREAM_AMBIGUOUS',
    `${found.length} workstreams have the title "${reference}"; use an id: ${candidates.map(({ id }) => id).join(', ')}`,
    { reference, candidates },
  )
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
