import { WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { ForkWorkstreamInput } from '@arawn/core/workstream-operations'
import { decideFork } from '@arawn/engine/fork-decisions'
import { forkSchema } from '../input/input-schemas.js'
import { invalidInput, parseInput } from '../input/parse-input.js'
import { type ForkCut, findCut, forkLines } from '../reading/fork-lines.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { Desk } from './desk.js'

type Operations = Pick<WorkstreamManager, 'forkWorkstream'>

export function createForkOperations({ log, index, ids, queue, read }: Desk): Operations {
  /** Up to the cut the original does not change any more, so it may be chosen without the lock. */
  async function fork(
    originalId: WorkstreamId,
    id: WorkstreamId,
    { cut, title }: { cut: ForkCut | undefined; title: ForkWorkstreamInput['title'] },
  ): Promise<void> {
    await queue.move({
      workstreamId: id,
      move: async ({ context, exists, standing, rows }, writer) => {
        const reader = await rows()
        const original = await reader.workstream(originalId)
        // Nobody can purge it from here on.
        if (original === undefined || (await log.measure(originalId)) === undefined)
          throw workstreamNotFound(originalId)
        if (exists)
          throw new WorkstreamError('WORKSTREAM_EXISTS', `there is already a workstream ${id}`, { workstreamId: id })
        const origin = { workstream_id: originalId, message_id: cut?.id ?? null }
        const created = decideFork(original, (await standing()).workstream, { id, title, origin }, context)
        await writer.restore(id, forkLines({ rows: reader, log }, originalId, { created, cut, context }))
      },
    })
  }

  return {
    forkWorkstream: async (reference, input = {}) => {
      const { message, title, id = ids.next('ws') } = parseInput(forkSchema, input)
      if (id === SCRATCH_ID) throw invalidInput('id', `"${SCRATCH_ID}" is kept for the scratch workstream`)
      await read(reference, async (original) => {
        const cut = await findCut(index, original.id, message)
        await fork(original.id, id, { cut, title })
      })
      return read(id, async (workstream) => workstream)
    },
  }
}
