import type { Embedders } from '@arawn/core/embedder'
import { WorkstreamError } from '@arawn/core/error'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { Workstream } from '@arawn/core/workstream'
import { type ContextPolicy, defaultContextPolicy } from '@arawn/engine/context-policy'
import type { CompressionSettings } from '../compression/compression-settings.js'
import { createCompressor } from '../compression/compressor.js'
import { createContextOf } from '../context/context-of.js'
import { createMessageSizes } from '../context/message-sizes.js'
import { createTokenCounts } from '../context/token-counts.js'
import type { FinishPromotion } from '../promotion/finish-promotion.js'
import { createEmbedDue } from '../recall/embed-due.js'
import { createHintsForTurn } from '../recall/question-hints.js'
import { createQuestionNotes } from '../recall/question-notes.js'
import type { RecallSettings } from '../recall/recall-settings.js'
import type { SearchCare } from '../search/search-care.js'
import { createGiveTitle } from '../turn/give-title.js'
import { lookUp } from '../turn/look-up.js'
import { ownTools, type ToolOperations } from '../turn/own-tools.js'
import { createRunningTurns } from '../turn/running-turns.js'
import type { TurnLog, TurnPlace } from '../turn/turn-log.js'
import { createChatOperations } from './chat-operations.js'
import { createCompressionOperations } from './compression-operations.js'
import { createContextOperations } from './context-operations.js'
import type { Desk } from './desk.js'

export interface ModelParts {
  readonly models: LanguageModels
  readonly embedders: Embedders
  readonly owners: TurnOwners
  readonly counter: TokenCounter
  readonly logger: Logger
  readonly turnLog: TurnLog
  readonly finishPromotion: FinishPromotion
  readonly compression: CompressionSettings
  readonly context: Partial<ContextPolicy>
  readonly recall: RecallSettings
  readonly analyzer: TextAnalyzer
  readonly searchCare: SearchCare
  /** What tools are done with. */
  readonly operations: ToolOperations
}

/** All that asks a model: turns, contexts, compression. */
export function createModelOperations(
  desk: Desk,
  {
    models,
    embedders,
    owners,
    counter,
    logger,
    turnLog,
    finishPromotion,
    compression,
    context,
    recall,
    analyzer,
    searchCare,
    operations,
  }: ModelParts,
) {
  const running = createRunningTurns()
  const compressor = createCompressor(desk, { settings: compression, models, owners, counter, logger })
  const sizes = createMessageSizes({ log: desk.log, index: desk.index, logger })
  const notes = createQuestionNotes({ log: desk.log, index: desk.index, logger })
  const hintsForTurn = createHintsForTurn({ settings: recall, models, embedders, notes, logger })
  const embedDue = createEmbedDue(desk, { settings: recall, embedders })
  const contextOf = createContextOf(desk, {
    policy: { ...defaultContextPolicy, ...context, window: compression.contextWindow },
    counts: createTokenCounts(),
    sizes,
    analyzer,
    searchCare,
    makeRoom: async (workstreamId, coverage) => {
      await compressor.compress(workstreamId, { why: 'turn_end', model: null, makeRoomFor: { coverage } })
    },
  })
  const toolsOf = (workstream: Workstream, place: Pick<TurnPlace, 'interaction_id' | 'session_id'>) =>
    ownTools(operations, workstream, place)
  const closing = new AbortController()
  // Nobody waits for it but whoever closes.
  const inBackground = new Set<Promise<void>>()
  const giveTitle = createGiveTitle(desk)
  const compressed = createCompressionOperations(desk, { models, compressor, settings: compression, logger })

  return {
    operations: {
      ...compressed.operations,
      embedDue: embedDue.embed,
      ...createContextOperations(desk, { models, contextOf, hintsForTurn, ownTools: toolsOf }),
      ...createChatOperations(desk, {
        logger,
        models,
        turnLog,
        running,
        contextOf,
        hintsForTurn,
        ownTools: toolsOf,
        lookUp: (workstreamId, text, askedBy) => lookUp(operations, workstreamId, text, askedBy),
        finishPromotion,
        afterTurn: (turn, messages, model) => {
          const work = giveTitle(turn.workstream_id, messages, model)
            .catch((error: unknown) => logger.warn('a workstream got no title', { code: codeOf(error) }))
            .then(() => compressed.afterTurn(turn.workstream_id, closing.signal))
          inBackground.add(work)
          void work.then(() => inBackground.delete(work))
        },
      }),
    },
    /** Stops turns; resolves when their ends are on disk and no compression is under way. */
    close: async () => {
      closing.abort()
      await running.close()
      await Promise.all(inBackground)
      await compressor.idle()
      await sizes.settled()
      await notes.close()
      await embedDue.close()
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof WorkstreamError ? error.code : 'INTERNAL'
}
