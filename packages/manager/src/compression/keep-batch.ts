import type { WorkstreamId } from '@arawn/core/id'
import type { SubmittedBatch } from '@arawn/core/model-batches'
import type { CompressionBatch } from '@arawn/core/workstream-index'
import { type BatchOutcome, decideClaim, decideCollected, decideSubmitted } from '@arawn/engine/batch-decisions'
import type { DecidedRecord } from '@arawn/engine/decision'
import type { DecisionScene } from '../commit/commit-request.js'
import type { Desk } from '../operations/desk.js'

type Writer = Pick<Desk, 'queue'>

/** @returns its id; undefined when somebody else was faster, or the workstream is gone, paused or read-only */
export function keepClaim(
  { queue }: Writer,
  workstreamId: WorkstreamId,
  claim: Pick<CompressionBatch, 'model' | 'keys' | 'owner'>,
): Promise<string | undefined> {
  return queue.commit({
    workstreamId,
    decide: async (scene) => {
      const { workstream } = await scene.standing()
      const claimed =
        workstream?.state === 'active' ? decideClaim(claim, await batchesOf(scene), scene.context) : undefined
      return { records: claimed === undefined ? [] : [claimed.record], answer: () => claimed?.id }
    },
  })
}

export function keepSubmitted(
  writer: Writer,
  workstreamId: WorkstreamId,
  id: string,
  submitted: SubmittedBatch,
): Promise<void> {
  return keep(writer, workstreamId, async (scene) =>
    decideSubmitted(id, submitted, await batchesOf(scene), scene.context),
  )
}

export function keepCollected(
  writer: Writer,
  { workstream_id, id }: Pick<CompressionBatch, 'workstream_id' | 'id'>,
  outcome: BatchOutcome,
): Promise<void> {
  return keep(writer, workstream_id, async (scene) =>
    decideCollected(id, outcome, await batchesOf(scene), scene.context),
  )
}

function keep(
  { queue }: Writer,
  workstreamId: WorkstreamId,
  recordsFor: (scene: DecisionScene) => Promise<readonly DecidedRecord[]>,
): Promise<void> {
  return queue.commit({
    workstreamId,
    decide: async (scene) => {
      const { workstream } = await scene.standing()
      const canWrite = workstream !== undefined && workstream.state !== 'archived'
      return { records: canWrite ? await recordsFor(scene) : [], answer: () => {} }
    },
  })
}

async function batchesOf({ rows, workstreamId }: DecisionScene): Promise<CompressionBatch[]> {
  return (await rows()).compressionBatches(workstreamId)
}
