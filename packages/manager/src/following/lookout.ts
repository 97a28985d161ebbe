import { errnoOf, hasCode, WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LogStore } from '@arawn/core/log-store'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import type { IndexCare } from '../index-care/index-care.js'
import type { Wakes } from './wakes.js'

/**
 * Looks for what other processes do, while somebody follows. It keeps no process alive.
 *
 * Their commits show in the version of the index. Lines without rows, folders that come and go, and an index that is
 * lost are brought in order as for any reader; who follows just one workstream also sees lines that were added to it by
 * hand.
 */
export interface Lookout {
  /** @param only the workstream that is followed; all by default. @returns how to stop */
  watch(only?: WorkstreamId): () => void
}

// A look costs some system calls, about 30 µs.
const LOOK_EVERY_MS = 50

export function createLookout({
  log,
  index,
  care,
  logger,
  wakes,
  freshen,
}: {
  log: LogStore
  index: WorkstreamIndex
  care: IndexCare
  logger: Logger
  wakes: Wakes
  /** Brings a workstream level with its logs. */
  freshen: (workstreamId: WorkstreamId) => Promise<unknown>
}): Lookout {
  const watchers = new Set<{ readonly only: WorkstreamId | undefined }>()
  const sizes = new Map<WorkstreamId, string>()
  let version = ''
  let surroundings = ''
  let timer: NodeJS.Timeout | undefined
  let looking = false

  async function look(): Promise<void> {
    const around = `${await log.folderToken()} ${await log.unindexed()}`
    // One that was replaced may be replaced again before the next look.
    if (index.condition() !== 'current' || around !== surroundings) {
      await care.ready()
      // As it was before: what has come meanwhile is looked at next time.
      surroundings = around
      wakes.tell()
    }
    for (const { only } of watchers) if (only !== undefined) await lookAt(only)
    const now = await index.version()
    if (now !== version) wakes.tell()
    version = now
  }

  async function lookAt(workstreamId: WorkstreamId): Promise<void> {
    const size = JSON.stringify(await log.measure(workstreamId))
    if (sizes.get(workstreamId) === size) return
    await freshen(workstreamId)
    sizes.set(workstreamId, size)
  }

  async function lookAndGoOn(): Promise<void> {
    looking = true
    try {
      await look()
    } catch (error) {
      // Whoever follows meets it too, and passes it on unless it is a matter of time.
      if (!(error instanceof WorkstreamError)) logger.warn('following stumbled', { errno: errnoOf(error) })
      if (!hasCode(error, 'CLOSED')) wakes.tell()
    }
    looking = false
    schedule()
  }

  function schedule(): void {
    clearTimeout(timer)
    if (watchers.size > 0 && !looking) timer = setTimeout(() => void lookAndGoOn(), LOOK_EVERY_MS).unref()
  }

  return {
    watch(only) {
      const watcher = { only }
      watchers.add(watcher)
      if (watchers.size === 1) schedule()
      return () => {
        watchers.delete(watcher)
        if (watchers.size > 0) return
        clearTimeout(timer)
        sizes.clear()
      }
    },
  }
}
