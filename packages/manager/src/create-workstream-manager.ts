import type { Clock } from '@arawn/core/clock'
import type { IdSource, WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import { type Logger, silentLogger } from '@arawn/core/logger'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { createCommitQueue } from './commit/commit-queue.js'
import { createFollowing } from './following/following.js'
import { createLookout } from './following/lookout.js'
import { createWakes } from './following/wakes.js'
import { createIndexCare } from './index-care/index-care.js'
import type { Desk } from './operations/desk.js'
import { createDesk } from './operations/desk.js'
import { createForkOperations } from './operations/fork-operations.js'
import { createImportOperations } from './operations/import-operations.js'
import { createMaintenanceOperations } from './operations/maintenance-operations.js'
import { createMessageOperations } from './operations/message-operations.js'
import { createOwnActivity } from './operations/own-activity.js'
import { createPromotionOperations } from './operations/promotion-operations.js'
import { createRepairOperations } from './operations/repair-operations.js'
import { createSessionOperations } from './operations/session-operations.js'
import { createTrashOperations } from './operations/trash-operations.js'
import { createWorkstreamOperations } from './operations/workstream-operations.js'
import { createCompletePromotion } from './promotion/complete-promotion.js'
import type { WorkstreamManager } from './workstream-manager.js'

export interface ManagerPorts {
  readonly log: LogStore
  readonly index: WorkstreamIndex
  readonly clock: Clock
  readonly ids: IdSource
  readonly logger?: Logger | undefined
}

export interface ManagerPolicy {
  /** A silence of this length ends a session. */
  readonly sessionTimeoutMs: number
  /** How long a call waits for the write lock, or for an index that is being rebuilt. */
  readonly lockTimeoutMs: number
}

/** Puts the parts together. The manager owns `log` and `index` from here on: closing it closes them. */
export function createWorkstreamManager(ports: ManagerPorts, policy: ManagerPolicy): WorkstreamManager {
  const { log, index, clock, ids, logger = silentLogger } = ports
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

  let closing: Promise<void> | undefined
  const sessions = { sessionPolicy: { idleMs: policy.sessionTimeoutMs }, ownActivity: createOwnActivity() }
  const operations = {
    ...createWorkstreamOperations(desk),
    ...createMessageOperations(desk, sessions),
    ...createSessionOperations(desk, sessions),
    ...createImportOperations(desk, policy),
    ...createPromotionOperations(desk, { complete: completePromotion }),
    ...createForkOperations(desk),
    ...createTrashOperations(desk, { complete: completePromotion }),
    ...createRepairOperations(desk, policy),
    ...createMaintenanceOperations(desk, policy),
  }

  return {
    ...operations,
    subscribe: following.subscribe,
    close: () => {
      following.close()
      closing ??= queue
        .idle()
        .then(() => index.close())
        .then(() => log.close())
      return closing
    },
  }
}
