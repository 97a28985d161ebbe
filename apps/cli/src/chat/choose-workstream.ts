import { hasCode } from '@arawn/core/error'
import { SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Desk } from '../command.js'
import { printableLine } from '../terminal/printable.js'

// Nobody gives such a title: an id that is not there was mistyped, or is of another data dir.
const ID_LIKE = /^ws_/i

/** The workstream that a reference means. A title that is not there yet is made, and said to be new. */
export async function chooseWorkstream(
  desk: Desk,
  manager: WorkstreamManager,
  reference: string | undefined,
): Promise<WorkstreamId> {
  if (reference === undefined) return SCRATCH_ID
  try {
    return (await manager.getWorkstream(reference)).id
  } catch (error) {
    if (!hasCode(error, 'WORKSTREAM_NOT_FOUND') || ID_LIKE.test(reference)) throw error
    const { id, title } = await manager.createWorkstream({ title: reference })
    const near = error.details.suggestions.map((name) => `"${name}"`).join(' and ')
    const also = near === '' ? '' : `; there is also ${near}`
    await desk.notice(printableLine(`new workstream "${title}" (${id})${also}`))
    return id
  }
}
