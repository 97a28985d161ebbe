import type { WorkstreamId } from '@arawn/core/id'
import type { LogWriter } from '@arawn/core/log-store'
import type { IndexReader } from '@arawn/core/workstream-index'
import type { DecidedRecord, DecisionContext } from '@arawn/engine/decision'
import type { Standing } from './standing.js'

/** One thing to be decided and written, in one workstream. */
export interface CommitRequest<Answer> {
  readonly workstreamId: WorkstreamId
  /** Reads the workstream's logs again from the beginning. */
  readonly afresh?: boolean
  /** An idempotency key. Requests with the same one never share a group: each finds what the one before has written. */
  readonly once?: string | undefined
  /** It is asked for its rows: they are committed before the next group. */
  readonly forRows?: boolean
  decide(scene: DecisionScene): Promise<Decision<Answer>>
}

export interface DecisionScene {
  readonly workstreamId: WorkstreamId
  readonly context: DecisionContext
  /** False when the workstream has no folder. */
  readonly exists: boolean
  standing(): Promise<Standing>
  rows(): Promise<IndexReader>
}

export interface Decision<Answer> {
  readonly records: readonly DecidedRecord[]
  /** Asked after the records were staged; `sequences` has one for each. When it throws, nothing is written. */
  answer(rows: () => Promise<IndexReader>, sequences: readonly number[]): Promise<Answer> | Answer
}

/**
 * Moves a whole workstream in or out: a purge, its undoing, a fork. Nothing else is in its group. What is moved is moved
 * even when the rows cannot follow: the index catches up with it then.
 */
export interface MoveRequest<Answer> {
  /** The workstream that comes or goes. */
  readonly workstreamId: WorkstreamId
  move(scene: DecisionScene, writer: LogWriter): Promise<Answer>
}
