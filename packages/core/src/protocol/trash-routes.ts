import * as z from 'zod'
import { workstreamSchema } from '../workstream.js'
import { listOf } from './common.js'
import { route } from './route.js'
import { trashEntrySchema, trashedSchema } from './trashed.js'

/** Its name or how that begins, or the id or title of its workstream. */
const entryParams = z.object({ entry: z.string().min(1).max(200) })
const found = ['TRASH_ENTRY_NOT_FOUND', 'TRASH_ENTRY_AMBIGUOUS'] as const

/** What was purged, until it is deleted for good. */
export const trashRoutes = {
  listTrash: route({
    method: 'GET',
    path: '/trash',
    summary: 'What was purged, the oldest first',
    about: 'administration',
    status: 200,
    answer: listOf(trashEntrySchema),
    errors: [],
  }),
  emptyTrash: route({
    method: 'DELETE',
    path: '/trash',
    summary: 'Deletes for good what has been in the trash for so long; without `older_than_ms` everything',
    about: 'administration',
    query: z.strictObject({ older_than_ms: z.coerce.number<number | string>().min(0).optional() }),
    status: 200,
    answer: listOf(trashedSchema),
    errors: [],
  }),
  findInTrash: route({
    method: 'GET',
    path: '/trash/:entry',
    summary: 'An entry of the trash',
    about: 'administration',
    params: entryParams,
    status: 200,
    answer: trashEntrySchema,
    errors: found,
  }),
  deleteFromTrash: route({
    method: 'DELETE',
    path: '/trash/:entry',
    summary: 'Deletes an entry for good; only its whole name will do',
    about: 'administration',
    params: entryParams,
    status: 200,
    answer: listOf(trashedSchema),
    errors: ['TRASH_ENTRY_NOT_FOUND'],
  }),
  restoreFromTrash: route({
    method: 'POST',
    path: '/trash/:entry/restore',
    summary: 'Puts a purged workstream back, with all that it had',
    about: 'administration',
    params: entryParams,
    status: 200,
    answer: workstreamSchema,
    errors: [...found, 'RESTORE_CONFLICT'],
  }),
}
