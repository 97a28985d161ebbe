import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { LogWriter } from '@arawn/core/log-store'
import type { MoveRequest } from './commit-request.js'
import type { IndexCommits } from './index-commits.js'
import { type StageWork, sceneOf } from './scene.js'
import type { Stage } from './stage.js'

export interface WaitingMove {
  readonly request: MoveRequest<unknown>
  resolve(answer: unknown): void
  reject(error: unknown): void
}

export interface MoveParts {
  readonly indexCommits: IndexCommits
  openStage(writer: LogWriter): Promise<StageWork>
  append(writer: LogWriter, stage: Stage): Promise<void>
}

/** Runs one move and brings the rows level with it. Throws only when nothing was moved. */
export async function attemptMove(
  { indexCommits, openStage, append }: MoveParts,
  writer: LogWriter,
  { request, resolve, reject }: WaitingMove,
): Promise<void> {
  let answer: () => void
  let work: StageWork
  try {
    work = await openStage(writer)
    const scene = await sceneOf(request.workstreamId, work)
    answer = await request.move(scene, writer).then(
      (given) => () => resolve(given),
      (error) => refusal(error, reject),
    )
  } catch (error) {
    await indexCommits.undo(writer, error)
    throw error
  }
  try {
    // Also after a refusal: the folder may have its new place all the same, only not surely after a power cut.
    await work.stage.lookAgain(request.workstreamId)
    await append(writer, work.stage)
  } catch (error) {
    indexCommits.fail(error)
  }
  answer()
}

/** An index that cannot be used is mended, and the move tried again: it reads rows only before it moves anything. */
function refusal(error: unknown, reject: (error: unknown) => void): () => void {
  if (hasCode(error, 'INDEX_UNUSABLE') || !(error instanceof WorkstreamError)) throw error
  return () => reject(error)
}
