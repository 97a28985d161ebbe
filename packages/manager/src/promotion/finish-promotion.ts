import { WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID } from '@arawn/core/id'
import type { PromotionReport } from '@arawn/core/message-operations'
import { coveredCount } from '@arawn/engine/coverage'
import type { Desk } from '../operations/desk.js'
import type { CompletePromotion } from './complete-promotion.js'

/** Completes a promotion that is journaled, if nobody else has, and says what it moved. */
export type FinishPromotion = (id: string) => Promise<PromotionReport>

export function createFinishPromotion(
  { index, queue, ask, read }: Desk,
  { complete }: { complete: CompletePromotion },
): FinishPromotion {
  return async (id) => {
    await queue.settled()
    const promotion = await ask(() => index.promotion(SCRATCH_ID, id))
    if (promotion === undefined)
      throw new WorkstreamError('INTERNAL', `the promotion ${id} is gone`, { problem: 'promotion gone' })
    await complete(promotion)
    return read(promotion.target_id, async (workstream) => ({
      id,
      workstream,
      messages: coveredCount(promotion.coverage),
    }))
  }
}
