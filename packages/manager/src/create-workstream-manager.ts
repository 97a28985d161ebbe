import type { Clock } from '@arawn/core/clock'
import type { Embedders } from '@arawn/core/embedder'
import { WorkstreamError } from '@arawn/core/error'
import type { IdSource, WorkstreamId } from '@arawn/core/id'
import type { LanguageModels } from '@arawn/core/language-model'
import type { LogStore } from '@arawn/core/log-store'
import { type Logger, silentLogger } from '@arawn/core/logger'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import type { TokenCounter } from '@arawn/core/token-counter'
import type { LogTransferOperations } from '@arawn/core/transfer-operations'
import type { TurnOwners } from '@arawn/core/turn-owners'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { ContextPolicy } from '@arawn/engine/context-policy'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'
import { createCommitQueue } from './commit/commit-queue.js'
import { type CompressionSettings, defaultCompression } from './compression/compression-settings.js'
import { createFollowing } from './following/following.js'
import { createLookout } from './following/lookout.js'
import { createWakes } from './following/wakes.js'
import { createIndexCare } from './index-care/index-care.js'
import type { Desk } from './operations/desk.js'
import { createDesk } from './operations/desk.js'
import { createExportOperations } from './operations/export-operations.js'
import { createForkOperations } from './operations/fork-operations.js'
import { createImportOperations } from './operations/import-operations.js'
import { createMaintenanceOperations } from './operations/maintenance-operations.js'
import { createMessageOperations } from './operations/message-operations.js'
import { createModelOperations } from './operations/model-operations.js'
import { createNativeOperations } from './operations/native-operations.js'
import { createOwnActivity } from './operations/own-activity.js'
import { createPromotionOperations } from './operations/promotion-operations.js'
import { createRepairOperations } from './operations/repair-operations.js'
import { createSearchOperations } from './operations/search-operations.js'
import { createSessionOperations } from './operations/session-operations.js'
import { createStatisticsOperations } from './operations/statistics-operations.js'
import { createTrashOperations } from './operations/trash-operations.js'
import { createWorkstreamOperations } from './operations/workstream-operations.js'
import { createCompletePromotion } from './promotion/complete-promotion.js'
import { createFinishPromotion } from './promotion/finish-promotion.js'
import { defaultRecall, type RecallSettings } from './recall/recall-settings.js'
import { createSearchCare } from './search/search-care.js'
import { createTurnLog } from './turn/turn-log.js'

/** What turns need beside logs and rows. */
export interface TurnPorts {
  readonly models: LanguageModels
  /** For messages and questions, where the policy names one. */
  readonly embedders?: Embedders | undefined
  readonly owners: TurnOwners
  /** Counts for summaries that are made without a model. */
  readonly counter: TokenCounter
}

export interface ManagerPorts {
  readonly log: LogStore
  readonly index: WorkstreamIndex
  readonly clock: Clock
  readonly ids: IdSource
  readonly logger?: Logger | undefined
  /** Without them there is no `chat`; all else is the same. */
  readonly turns?: TurnPorts | undefined
  /** By default that of `@arawn/engine/text-analyzer`, one for all managers of a process. */
  readonly analyzer?: TextAnalyzer | undefined
  /**
   * Where `@arawn/manager/analysis-worker` lies, or a bundle of it: a thread runs it while the index of large logs is built
   * anew. Without it, or with another analyzer, that takes longer.
   */
  readonly analysisWorker?: URL | undefined
}

export interface ManagerPolicy {
  /** A silence of this length ends a session. */
  readonly sessionTimeoutMs: number
  /** How long a call waits for the write lock, or for an index that is being rebuilt. */
  readonly lockTimeoutMs: number
  /** When and how summaries are made, and how many messages a model is given word for word. */
  readonly compression?: Partial<CompressionSettings> | undefined
  /** How the room in a model's window is shared out. */
  readonly context?: Partial<Omit<ContextPolicy, 'window'>> | undefined
  /** Which models help to find old messages; none by default. */
  readonly recall?: Partial<RecallSettings> | undefined
}

/** A manager that has the logs itself. */
export type LocalWorkstreamManager = WorkstreamManager & LogTransferOperations

/** Puts the parts together. The manager owns `log` and `index` from here on: closing it closes them. */
export function createWorkstreamManager(ports: ManagerPorts, policy: ManagerPolicy): LocalWorkstreamManager {
  const { log, index, clock, ids, logger = silentLogger, turns = noTurns, analyzer = commonAnalyzer() } = ports
  const care = createIndexCare(
    {
      log,
      index,
      clock,
      logger,
      catchUp: (workstreamId) => queue.catchUp(workstreamId),
      settled: () => queue.settled(),
      completePromotion: (promotion) => completePromotion(promotion),
    },
    policy,
  )
  const wakes = createWakes()
  const queue = createCommitQueue({ log, index, clock, ids, care, onCommit: wakes.tell }, policy)
  const completePromotion = createCompletePromotion({ index, log, queue })
  const desk: Desk = createDesk({ log, index, clock, ids, care, queue })
  const freshen = (workstreamId: WorkstreamId) => desk.read(workstreamId, async () => {})
  const lookout = createLookout({ log, index, care, logger, wakes, freshen })
  const following = createFollowing(desk, { wakes, lookout })
  const workerFile = ports.analyzer === undefined ? ports.analysisWorker : undefined
  const searchCare = createSearchCare({ log, index, analyzer, logger, workerFile }, policy)

  let closing: Promise<void> | undefined
  const sessions = { sessionPolicy: { idleMs: policy.sessionTimeoutMs }, ownActivity: createOwnActivity() }
  const compression = { ...defaultCompression, ...policy.compression }
  const turnLog = createTurnLog(desk, { owners: turns.owners, ...sessions })
  const finishPromotion = createFinishPromotion(desk, { complete: completePromotion })
  const withoutModel = {
    ...createWorkstreamOperations(desk),
    ...createMessageOperations(desk, sessions),
    ...createSessionOperations(desk, sessions),
    ...createImportOperations(desk, policy),
    ...createPromotionOperations(desk, { finish: finishPromotion, endIfDead: turnLog.endIfDead }),
    ...createForkOperations(desk),
    ...createTrashOperations(desk, { complete: completePromotion }),
    ...createRepairOperations(desk, { ...policy, searchCare }),
    ...createSearchOperations(desk, { searchCare, analyzer }),
    ...createMaintenanceOperations(desk, { ...policy, searchCare }),
    ...createStatisticsOperations(desk),
  }

  const { exportText } = createExportOperations(withoutModel)
  const withModel = createModelOperations(desk, {
    models: turns.models,
    embedders: turns.embedders ?? noEmbedders,
    owners: turns.owners,
    counter: turns.counter,
    logger,
    turnLog,
    finishPromotion,
    compression,
    context: policy.context ?? {},
    recall: { ...defaultRecall, ...policy.recall },
    analyzer,
    searchCare,
    operations: withoutModel,
  })

  return {
    ...withoutModel,
    ...withModel.operations,
    ...createNativeOperations(withoutModel),
    exportText,
    subscribe: following.subscribe,
    lastStamp: following.lastStamp,
    close: () => {
      following.close()
      closing ??= withModel
        .close()
        .then(() => searchCare.close())
        .then(() => queue.idle())
        .then(() => turns.owners.close())
        .then(() => index.close())
        .then(() => log.close())
      return closing
    },
  }
}

async function openNone(name: string | null): Promise<never> {
  throw new WorkstreamError('MODEL_PROFILE_UNKNOWN', 'this manager was opened without models', {
    profile: name ?? 'default',
    suggestions: [],
  })
}

const noEmbedders: Embedders = { open: openNone }

/** For a manager that only keeps conversations. */
const noTurns: TurnPorts = {
  models: { open: openNone, list: async () => [] },
  owners: { own: async () => '', isAlive: async () => true, close: async () => {} },
  counter: { name: 'none', errorShare: 0.5, count: async (texts) => texts.map(({ length }) => Math.ceil(length / 3)) },
}

/** It depends on nothing but text, and the words that it has met take up some megabytes. */
function commonAnalyzer(): TextAnalyzer {
  madeAnalyzer ??= createTextAnalyzer()
  return madeAnalyzer
}

let madeAnalyzer: TextAnalyzer | undefined
