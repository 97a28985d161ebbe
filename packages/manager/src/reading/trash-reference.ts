import { WorkstreamError } from '@arawn/core/error'
import { foldTitle } from '@arawn/core/fold-title'
import type { TrashEntry } from '@arawn/core/trash-operations'
import { idPartsOf } from './id-parts.js'

/**
 * The entry of the trash that a reference names: by its name, by its workstream's id or title, or by at least four
 * characters with which its name begins or that name a workstream's id. What comes first wins.
 *
 * @param entries oldest first
 * @param which what is meant when a workstream was named that lies there several times
 * @throws TRASH_ENTRY_NOT_FOUND
 * @throws TRASH_ENTRY_AMBIGUOUS with those that it may mean
 */
export function entryNamed(entries: readonly TrashEntry[], reference: string, which: 'newest' | 'only'): TrashEntry {
  const [first, ...more] = mayBeMeant(entries, reference)
  const last = more.at(-1)
  if (first === undefined) throw entryNotFound(reference)
  if (last === undefined) return first
  if (which === 'newest' && more.every(({ workstreamId }) => workstreamId === first.workstreamId)) return last
  const candidates = [first, ...more].map(({ name, title }) => ({ name, title }))
  throw new WorkstreamError(
    'TRASH_ENTRY_AMBIGUOUS',
    `${candidates.length} entries of the trash may be meant by "${reference}"; use more of the name of one`,
    { reference, candidates },
  )
}

function mayBeMeant(entries: readonly TrashEntry[], reference: string): TrashEntry[] {
  const title = foldTitle(reference)
  const parts = idPartsOf(reference)
  const ways: ((entry: TrashEntry) => boolean)[] = [
    ({ name }) => name === reference,
    ({ workstreamId }) => workstreamId === reference,
    (entry) => foldTitle(entry.title) === title,
    ({ name }) => reference.length >= 4 && name.startsWith(reference),
    ({ workstreamId }) => parts.some(({ begin, end }) => workstreamId.startsWith(begin) && workstreamId.endsWith(end)),
  ]
  for (const way of ways) {
    const found = entries.filter(way)
    if (found.length > 0) return found
  }
  return []
}

export function entryNotFound(name: string): WorkstreamError<'TRASH_ENTRY_NOT_FOUND'> {
  return new WorkstreamError('TRASH_ENTRY_NOT_FOUND', `the trash holds nothing by the name ${name}`, { name })
}
