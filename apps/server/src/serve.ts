import type { Settings } from '@arawn/config/load-settings'
import { systemClock } from '@arawn/core/clock'
import { WorkstreamError } from '@arawn/core/error'
import { typeIds } from '@arawn/core/id'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { startBackgroundDuties } from '@arawn/manager/background-duties'
import { createStatelessManager } from '@arawn/manager/create-stateless-manager'
import { pino } from 'pino'
import { createApp } from './app.js'
import { isLoopback } from './safety/guard.js'

export interface ServeParts {
  readonly settings: Settings
  readonly env: Readonly<Record<string, string | undefined>>
  readonly models: LanguageModels
  /** The server owns it from here on: stopping closes it. Not asked for when workstreams are switched off. */
  readonly openManager: (logger: Logger) => Promise<WorkstreamManager>
  readonly version: string
  /** Where lines of the log go. */
  readonly writeLog: (line: string) => void
}

export interface RunningServer {
  /** Where it is, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /**
   * Stops it: takes nothing on, gives turns some seconds to end, ends sessions in which it had the last word, and
   * closes the data dir.
   */
  stop(): Promise<void>
}

/**
 * Starts the server with all that it does in the background.
 *
 * @throws CONFIG_INVALID it would listen to others without a token, or its token cannot be used
 * @throws DATA_DIR_UNUSABLE | INDEX_UNUSABLE
 */
export async function serve({
  settings,
  env,
  models,
  openManager,
  version,
  writeLog,
}: ServeParts): Promise<RunningServer> {
  const { host, port, allowedHosts, allowedOrigins, maxBodyMb, requestTimeoutSeconds, rateLimitPerMinute, logLevel } =
    settings.server
  const token = tokenOf(settings.server, env)
  const log = pino({ level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: writeLog })
  const logger: Logger = {
    info: (message, facts) => log.info(facts ?? {}, message),
    warn: (message, facts) => log.warn(facts ?? {}, message),
  }
  const { enabled } = settings.workstreams
  const manager = enabled
    ? await openManager(logger)
    : createStatelessManager({ models, clock: systemClock, ids: typeIds })
  const closing = new AbortController()
  try {
    const app = await createApp({
      manager,
      models,
      guard: { token, host, allowedHosts, allowedOrigins },
      maxBodyBytes: maxBodyMb * 1_000_000,
      requestTimeoutMs: requestTimeoutSeconds * 1_000,
      requestsPerMinute: rateLimitPerMinute,
      hasWorkstreams: enabled,
      version,
      log,
      logger,
      closing: closing.signal,
    })
    const url = await app.listen({ host, port })
    const duties = enabled ? startBackgroundDuties(manager, { logger }) : undefined
    let stopped: Promise<void> | undefined
    const stop = async () => {
      closing.abort()
      await duties?.stop()
      await app.close()
      await turnsEnd(manager)
      if (enabled) await manager.endOwnSessions()
      await manager.close()
    }
    return {
      url,
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  } catch (error) {
    await manager.close()
    throw error
  }
}

// Longer than most answers take; what is behind it is marked as interrupted and keeps what came.
const TURN_PATIENCE_MS = 10_000

async function turnsEnd(manager: WorkstreamManager): Promise<void> {
  const ends = Promise.all((await manager.listRunningTurns()).map(({ ended }) => ended))
  let timer: NodeJS.Timeout | undefined
  await Promise.race([ends, new Promise((resolve) => (timer = setTimeout(resolve, TURN_PATIENCE_MS)))])
  clearTimeout(timer)
}

function tokenOf({ host, authTokenEnv }: Settings['server'], env: ServeParts['env']): string | null {
  const key = 'server.auth_token_env'
  if (authTokenEnv === null) {
    if (isLoopback(host)) return null
    throw configInvalid(key, `is needed to listen on ${host}: name a variable that holds a token`)
  }
  const token = env[authTokenEnv] ?? ''
  if (token.length >= SHORTEST_TOKEN) return token
  const problem = token === '' ? 'names a variable that is not set' : `names a token shorter than ${SHORTEST_TOKEN}`
  throw configInvalid(key, problem)
}

const SHORTEST_TOKEN = 16

function configInvalid(key: string, problem: string): WorkstreamError<'CONFIG_INVALID'> {
  const details = { file: null, line: null, key, problem, suggestion: null }
  return new WorkstreamError('CONFIG_INVALID', `${key} ${problem}`, details)
}
