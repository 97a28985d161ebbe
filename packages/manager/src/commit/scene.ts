import type { WorkstreamId } from '@arawn/core/id'
import type { DecisionContext } from '@arawn/engine/decision'
import type { DecisionScene } from './commit-request.js'
import type { Stage } from './stage.js'

/** What one group of requests is served with. */
export interface StageWork {
  readonly stage: Stage
  readonly context: DecisionContext
}

/** What a request gets to see, once the index has all that is in its workstream's logs. */
export async function sceneOf(workstreamId: WorkstreamId, { stage, context }: StageWork): Promise<DecisionScene> {
  const exists = await stage.prepare(workstreamId)
  return { workstreamId, context, exists, standing: () => stage.standing(workstreamId), rows: stage.rows }
}
