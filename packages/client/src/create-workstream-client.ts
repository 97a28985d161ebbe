import { WorkstreamError } from '@arawn/core/error'
import type { ModelProfile } from '@arawn/core/language-model'
import { camelKeys } from '@arawn/core/wire-case'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { ClientOptions } from './client-options.js'
import { type Call, createCalls } from './http/calls.js'
import { createConnection } from './http/connection.js'
import { maintenanceOperations } from './operations/maintenance.js'
import { memoryOperations } from './operations/memory.js'
import { messageOperations } from './operations/messages.js'
import { searchOperations } from './operations/search.js'
import { sessionOperations } from './operations/sessions.js'
import { transferOperations } from './operations/transfers.js'
import { trashOperations } from './operations/trash.js'
import { turnOperations } from './operations/turns.js'
import { workstreamOperations } from './operations/workstreams.js'
import { createSubscribe } from './streams/subscribe.js'

/**
 * A manager that is somewhere else. All of `WorkstreamManager` is there and means the same; beside its errors each method
 * throws SERVER_UNREACHABLE, SERVER_ANSWER_UNREADABLE, UNAUTHORIZED and RATE_LIMITED.
 *
 * What differs: tools with `execute` cannot be given; `onProgress` of long work is not called, but that of `levelSearch`;
 * what a server does by itself (`endOwnSessions`, `compressDue`, `embedDue`, `endDeadTurns`) does nothing here; a subscription keeps
 * the process alive; `listRunningTurns` and `cancelTurn` mean the turns of the server.
 */
export interface WorkstreamClient extends WorkstreamManager {
  /** Where the server is. */
  readonly url: string
  /** Any route of the protocol, as it is. */
  readonly call: Call
  /** The models of the server, the default first. */
  listModels(): Promise<ModelProfile[]>
  /** Ends what is under way here. Turns go on in the server. */
  close(): Promise<void>
}

/** Nothing is sent before something is asked. @throws INVALID_INPUT for a bad address */
export function createWorkstreamClient(options: ClientOptions): WorkstreamClient {
  const { token, fetch: given, timeoutMs = 30_000, retries = 4, patienceMs = 60_000 } = options
  const url = baseOf(options.url)
  const random = Math.random
  // Called by itself: a browser wants it to be nobody's method.
  const ask: typeof fetch = given ?? ((...request) => fetch(...request))
  const connection = createConnection({ url, token, fetch: ask, timeoutMs, retries, random })
  const calls = createCalls(connection)
  const { settled, ...turns } = turnOperations(calls, { connection, patienceMs, retries, random })
  return {
    url,
    call: calls.call,
    listModels: async () => (await calls.call('listModels')).data.map(camelKeys),
    ...workstreamOperations(calls, url),
    ...trashOperations(calls),
    ...messageOperations(calls),
    ...searchOperations(calls),
    ...sessionOperations(calls),
    ...turns,
    ...memoryOperations(calls),
    ...transferOperations(calls),
    ...maintenanceOperations(calls),
    subscribe: createSubscribe(calls, { closing: connection.closing, random }),
    close: async () => {
      await settled()
      connection.close()
    },
  }
}

/** Without a slash at its end. */
function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  const problem = 'takes the address of a server, such as http://127.0.0.1:8080'
  throw new WorkstreamError('INVALID_INPUT', `url: ${problem}`, { path: 'url', problem })
}
