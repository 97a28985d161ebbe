import { WorkstreamError } from '@arawn/core/error'
import { type Logger, silentLogger } from '@arawn/core/logger'
import type { WorkstreamManager } from './workstream-manager.js'

/** What a long-running process does beside its calls. */
export interface BackgroundDuties {
  /** Resolves once a duty that is under way has ended; none begins afterwards. */
  stop(): Promise<void>
}

export interface BackgroundDutiesOptions {
  /** From the end of one sweep for idle sessions to the begin of the next, milliseconds. */
  readonly sweepEveryMs?: number
  readonly logger?: Logger
}

/**
 * Starts them. A duty that fails is logged and tried again at its next time. They keep no process alive, and any
 * number of processes may run them on one data dir.
 */
export function startBackgroundDuties(
  manager: Pick<WorkstreamManager, 'sweepIdleSessions'>,
  { sweepEveryMs = 30_000, logger = silentLogger }: BackgroundDutiesOptions = {},
): BackgroundDuties {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void> = Promise.resolve()

  function schedule(): void {
    if (!stopped) timer = setTimeout(() => (underWay = sweep().finally(schedule)), sweepEveryMs).unref()
  }

  async function sweep(): Promise<void> {
    try {
      const ended = await manager.sweepIdleSessions()
      if (ended.length > 0) logger.info('idle sessions ended', { sessions: ended.length })
    } catch (error) {
      const code = error instanceof WorkstreamError ? error.code : 'INTERNAL'
      logger.warn('idle sessions could not be ended', { code })
    }
  }

  schedule()
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
      return underWay
    },
  }
}
