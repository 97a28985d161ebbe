import { WorkstreamError } from '@arawn/core/error'
import { type Logger, silentLogger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'

/** What a long-running process does beside its calls. */
export interface BackgroundDuties {
  /** Resolves once duties that are under way have ended; none begins afterwards. */
  stop(): Promise<void>
}

export interface BackgroundDutiesOptions {
  /** From the end of one sweep for idle sessions to the begin of the next, milliseconds. */
  readonly sweepEveryMs?: number
  /** The same for bringing search level: so long a message can be a little slow to find. */
  readonly levelSearchEveryMs?: number
  /** The same for what there is to summarize: sessions that ended or have grown long, and degraded summaries. */
  readonly compressEveryMs?: number
  /** The same for vectors of messages, where there is an embedder. */
  readonly embedEveryMs?: number
  readonly logger?: Logger
}

// One turn at search lasts no longer; what is left is for the next one.
const LEVEL_SEARCH_MS = 2_000
const EMBED_MS = 30_000

/**
 * Starts them. A duty that fails is logged and tried again at its next time. They keep no process alive, and any
 * number of processes may run them on one data dir.
 */
export function startBackgroundDuties(
  manager: Pick<WorkstreamManager, 'sweepIdleSessions' | 'levelSearch' | 'compressDue' | 'embedDue' | 'endDeadTurns'>,
  {
    sweepEveryMs = 30_000,
    levelSearchEveryMs = 5_000,
    compressEveryMs = 5_000,
    embedEveryMs = 5_000,
    logger = silentLogger,
  }: BackgroundDutiesOptions = {},
): BackgroundDuties {
  const stopping = new AbortController()
  const duties = [
    repeat(
      async () => {
        const ended = await manager.sweepIdleSessions()
        if (ended.length > 0) logger.info('idle sessions ended', { sessions: ended.length })
      },
      { everyMs: sweepEveryMs, failure: 'idle sessions could not be ended', logger },
    ),
    repeat(() => manager.levelSearch({ withinMs: LEVEL_SEARCH_MS }), {
      everyMs: levelSearchEveryMs,
      failure: 'search could not be brought level',
      logger,
    }),
    repeat(() => manager.compressDue({ signal: stopping.signal }), {
      everyMs: compressEveryMs,
      failure: 'what waits for compression could not be compressed',
      logger,
    }),
    repeat(() => manager.embedDue({ withinMs: EMBED_MS, signal: stopping.signal }), {
      everyMs: embedEveryMs,
      failure: 'messages got no vectors',
      logger,
    }),
    repeat(
      async () => {
        const turns = await manager.endDeadTurns()
        if (turns > 0) logger.info('turns of dead processes ended', { turns })
      },
      // Whoever waits for such a turn waits for this.
      { everyMs: sweepEveryMs, atOnce: true, failure: 'turns of dead processes could not be ended', logger },
    ),
  ]
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all(duties.map((stop) => stop()))
    },
  }
}

function repeat(
  duty: () => Promise<unknown>,
  { everyMs, atOnce = false, failure, logger }: { everyMs: number; atOnce?: boolean; failure: string; logger: Logger },
): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void> = Promise.resolve()

  function schedule(): void {
    if (!stopped) timer = setTimeout(() => (underWay = run().finally(schedule)), everyMs).unref()
  }

  async function run(): Promise<void> {
    try {
      await duty()
    } catch (error) {
      logger.warn(failure, { code: error instanceof WorkstreamError ? error.code : 'INTERNAL' })
    }
  }

  if (atOnce) underWay = run().finally(schedule)
  else schedule()
  return () => {
    stopped = true
    clearTimeout(timer)
    return underWay
  }
}
