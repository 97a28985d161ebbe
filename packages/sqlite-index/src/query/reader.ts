import type { IndexReader } from '@arawn/core/workstream-index'
import { createQuestionNoteQueries } from '../cache/question-notes.js'
import { createVectorQueries } from '../cache/vector-queries.js'
import type { Connection } from '../file/connection.js'
import { createRecallQueries } from '../search/recall-queries.js'
import { createSearchQueries } from '../search/search-queries.js'
import { createBatchQueries } from './batch-queries.js'
import { createCompressionQueries } from './compression-queries.js'
import { createIdempotencyQueries } from './idempotency-queries.js'
import { createLogQueries } from './log-queries.js'
import { createMessageQueries } from './message-queries.js'
import { createPromotionQueries } from './promotion-queries.js'
import { createSessionQueries } from './session-queries.js'
import { createStatisticsQueries } from './statistics-queries.js'
import { createSummaryQueries } from './summary-queries.js'
import { createTokenCountQueries } from './token-count-queries.js'
import { createTurnQueries } from './turn-queries.js'
import { createWorkstreamQueries } from './workstream-queries.js'

/** All questions of the port, asked over one connection. */
export function createReader(connection: Connection): IndexReader {
  return {
    ...createWorkstreamQueries(connection),
    ...createSessionQueries(connection),
    ...createMessageQueries(connection),
    ...createPromotionQueries(connection),
    ...createTurnQueries(connection),
    ...createTokenCountQueries(connection),
    ...createSummaryQueries(connection),
    ...createCompressionQueries(connection),
    ...createBatchQueries(connection),
    ...createIdempotencyQueries(connection),
    ...createSearchQueries(connection),
    ...createRecallQueries(connection),
    ...createQuestionNoteQueries(connection),
    ...createVectorQueries(connection),
    ...createLogQueries(connection),
    ...createStatisticsQueries(connection),
  }
}
