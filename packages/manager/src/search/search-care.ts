import type { LogStore } from '@arawn/core/log-store'
import type { SearchAddition } from '@arawn/core/search'
import type { SearchProgress } from '@arawn/core/search-operations'
import type { IndexTransaction, WorkstreamIndex } from '@arawn/core/workstream-index'
import { writeRows } from '../index-care/write-rows.js'
import { type AnalysisParts, createAnalysis } from './analysis.js'
import { largeStep, othersTurn, readStep, smallStep } from './read-step.js'
import { createSearchFeed, type SearchFeed } from './search-feed.js'

/**
 * Brings search level with the rows. What makes messages found follows behind, so that sending stays as fast as it is:
 *
 *     gaps ──read, analyse──► additions ──write lock──► added, committed ──► gaps … none: level
 *
 * Each step is small. The lock is held for its writes only, and others get their turn between two steps.
 */
export interface SearchCare {
  /**
   * Takes steps until search is level or the time is over. Calls take turns.
   *
   * @returns whether it is level
   */
  level(options: { withinMs: number; onProgress?: ((progress: SearchProgress) => void) | undefined }): Promise<boolean>
  /** How far it has come. */
  progress(): Promise<SearchProgress>
  /** Makes everything found that a new index has, before others see it. */
  startFilling(transaction: IndexTransaction): SearchFeed
  /** Resolves when the step under way has ended; none begins afterwards. */
  close(): Promise<void>
}

export interface SearchCareParts extends AnalysisParts {
  readonly log: LogStore
  readonly index: WorkstreamIndex
}

export function createSearchCare(
  { log, index, analyzer, logger, workerFile }: SearchCareParts,
  { lockTimeoutMs }: { lockTimeoutMs: number },
): SearchCare {
  let closed = false
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }

  /** @returns whether there is more to do; undefined when nothing can be done about it now */
  async function step(leftMs: number): Promise<boolean | undefined> {
    if (closed) return undefined
    const { additions, unreadable } = await readStep({ rows: index, log, analyzer }, smallStep)
    if (additions.length === 0) return unreadable > 0 ? undefined : false
    if (leftMs <= 0) return true
    return (await write(additions, Math.min(lockTimeoutMs, leftMs))) ? true : undefined
  }

  function write(additions: readonly SearchAddition[], timeoutMs: number): Promise<boolean> {
    return writeRows({ log, index }, timeoutMs, async (transaction) => {
      for (const addition of additions) await transaction.addToSearch(analyzer.version, addition)
    })
  }

  async function fillGaps(transaction: IndexTransaction, onBytes: (bytes: number) => void): Promise<void> {
    for (;;) {
      const { additions, bytes } = await readStep({ rows: transaction, log, analyzer }, largeStep)
      if (additions.length === 0) return
      for (const addition of additions) {
        await transaction.addToSearch(analyzer.version, addition)
        await othersTurn()
      }
      onBytes(bytes)
    }
  }

  async function progress(): Promise<SearchProgress> {
    const { behind, applied } = await index.searchLag(analyzer.version)
    return { messagesDone: applied - behind, messagesTotal: applied }
  }

  return {
    progress,
    level: async ({ withinMs, onProgress }) => {
      const endMs = performance.now() + withinMs
      for (;;) {
        const more = await inTurn(() => step(endMs - performance.now()))
        if (more !== true) return more === false
        if (onProgress !== undefined) onProgress(await progress())
        if (performance.now() >= endMs) return (await index.searchGaps(analyzer.version, 1)).length === 0
        await othersTurn()
      }
    },
    startFilling: (transaction) => {
      const analysis = createAnalysis({ analyzer, logger, workerFile })
      const feed = createSearchFeed({ transaction, analysis, analyzerVersion: analyzer.version })
      return {
        ...feed,
        finish: async (onBytes) => {
          await feed.finish(onBytes)
          await fillGaps(transaction, onBytes)
        },
      }
    },
    close: async () => {
      closed = true
      await last
    },
  }
}
