import type { Clock } from '@arawn/core/clock'
import { errnoOf, hasCode, WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID, type WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Logger } from '@arawn/core/logger'
import type { RebuildReport } from '@arawn/core/maintenance-operations'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { isLevel } from '../catch-up/catch-up.js'
import type { CompletePromotion } from '../promotion/complete-promotion.js'
import { cannotWrite } from './cannot-write.js'
import { type RebuildOptions, rebuildIndex } from './rebuild-index.js'

/**
 * Keeps the index usable: opens what lies at its path, builds it anew when that cannot be used, and brings it level
 * with the logs. The logs are the truth, so all of this may happen at any time.
 *
 *     absent, unusable ──rebuild──► current, not level ──level──► current, level
 *     replaced ──reopen──► (any of these)
 */
export interface IndexCare {
  /** Resolves when the index can be used, level or not. @throws INDEX_REBUILDING past the deadline */
  usable(): Promise<void>
  /** Resolves when it has all that the logs held when it was opened. @throws INDEX_REBUILDING */
  ready(): Promise<void>
  /** False until `ready` resolved for the first time. Does not look at the file. */
  wasReady(): boolean
  rebuild(options?: Omit<RebuildOptions, 'lockTimeoutMs'>): Promise<RebuildReport>
  /** A commit has made workstreams, and nobody else has since `before`: that alone is no reason to look again. */
  created(before: string, after: string): void
  /** Reports a failure of the index after which its content is uncertain. */
  doubt(error: unknown): void
}

interface Ports {
  log: LogStore
  index: WorkstreamIndex
  clock: Clock
  logger: Logger
  /** Brings one workstream level, through the commit queue. */
  catchUp: (workstreamId: WorkstreamId) => Promise<void>
  /** Resolves when the rows of all that was answered are there. */
  settled: () => Promise<void>
  completePromotion: CompletePromotion
}

// Longer than a batch of groups takes in a healthy process.
const ROWS_FOLLOW_MS = [1, 3, 10, 20]

export function createIndexCare(ports: Ports, { lockTimeoutMs }: { lockTimeoutMs: number }): IndexCare {
  const { log, index, logger } = ports
  let level = false
  /** How often the index lost what it had, or might have. */
  let doubts = 0
  /** What `folderToken` said when the workstreams in the index were last held against the folders. */
  let token: string | undefined
  /** Promotions that could not be completed; whoever opens the data dir next tries again. */
  const hopeless = new Set<string>()
  let mending: Promise<void> | undefined
  let levelling: Promise<void> | undefined

  async function mend(): Promise<void> {
    // Another process may replace the file again meanwhile; it does so only with a good one.
    for (let attempt = 0; attempt < 5; attempt++) {
      level = false
      if (index.condition() === 'replaced') await index.reopen()
      const condition = index.condition()
      if (condition === 'current') return
      if (condition !== 'replaced') await rebuild()
    }
  }

  async function rebuild(options: Omit<RebuildOptions, 'lockTimeoutMs'> = {}): Promise<RebuildReport> {
    const report = await rebuildIndex(ports, { lockTimeoutMs, ...options })
    logger.info('index rebuilt', { ...report })
    return report
  }

  async function levelAll(): Promise<void> {
    const doubtsBefore = doubts
    const seen = await log.folderToken()
    const heads = await index.allHeads()
    const behind: WorkstreamId[] = []
    for (const [id, logs] of await log.measureAll()) {
      if (logs !== undefined && !isLevel(heads.get(id), logs)) behind.push(id)
      heads.delete(id)
    }
    // Asked for together, they share the lock and the transactions.
    await Promise.all([...behind, ...heads.keys()].map((id) => ports.catchUp(id).catch(exceptUnreadable)))
    level = doubts === doubtsBefore
    token = seen
  }

  /** The rows of what other processes write follow within milliseconds, unless the process died. */
  async function othersIndexed(): Promise<void> {
    const seen = await log.unindexed()
    if (seen === undefined) return
    for (const pauseMs of ROWS_FOLLOW_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      const now = await log.unindexed()
      // Whoever appends after one that died adds a name. What was there first is there until all have their rows.
      if (now?.startsWith(seen) !== true) return
    }
    // Any commit begins with bringing everything level, when it finds lines without rows.
    await ports.catchUp(SCRATCH_ID).catch(readAnyway)
  }

  /** A workstream that cannot be read fails whoever asks for it, and nobody else. */
  function exceptUnreadable(error: unknown): void {
    if (!hasCode(error, 'LOG_READ_FAILED')) throw error
    logger.warn('a workstream cannot be read', error.details)
  }

  /** A data dir that cannot be written can still be read, as far as the index knows it. */
  function readAnyway(error: unknown): void {
    if (!cannotWrite(error)) throw error
    logger.warn('the index may lag behind the logs', { errno: errnoOf(error) })
  }

  async function usable(): Promise<void> {
    if (index.condition() === 'current') return
    mending ??= mend().finally(() => {
      mending = undefined
    })
    await before(mending, lockTimeoutMs)
  }

  async function ready(): Promise<void> {
    await ports.settled()
    await othersIndexed()
    // One that began before may have looked before what is asked for was there.
    if (levelling !== undefined) await before(levelling, lockTimeoutMs)
    if (!(level && index.condition() === 'current' && (await log.folderToken()) === token)) {
      await usable()
      levelling ??= levelAll()
        .catch(readAnyway)
        .finally(() => {
          levelling = undefined
        })
      await before(levelling, lockTimeoutMs)
    }
    await completePromotions()
  }

  /** Somebody may have died in the middle of one: until it is completed its messages are shown in two places. */
  async function completePromotions(): Promise<void> {
    for (const promotion of await index.pendingPromotions()) {
      if (hopeless.has(promotion.id)) continue
      try {
        await ports.completePromotion(promotion)
      } catch (error) {
        // Nobody is kept from reading by a promotion that cannot be completed now.
        hopeless.add(promotion.id)
        logger.warn('a promotion could not be completed', { promotion: promotion.id, errno: errnoOf(error) })
      }
    }
  }

  return {
    usable,
    ready,
    wasReady: () => level,
    rebuild,
    created(before, after) {
      if (token === before) token = after
    },
    doubt(error) {
      level = false
      doubts++
      logger.warn('the index lags behind the logs', { errno: errnoOf(error) })
    },
  }
}

async function before(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(indexRebuilding(timeoutMs)), timeoutMs)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export function indexRebuilding(waitedMs: number): WorkstreamError<'INDEX_REBUILDING'> {
  const message = `the index is still being rebuilt after ${Math.round(waitedMs)} ms; try again`
  return new WorkstreamError('INDEX_REBUILDING', message, { waitedMs: Math.round(waitedMs) })
}
