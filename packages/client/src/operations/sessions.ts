import type { SessionOperations } from '@arawn/core/session-operations'
import type { Calls } from '../http/calls.js'
import { gather } from '../paging/gather.js'

const DEFAULT_LIMIT = 20

export function sessionOperations({ call }: Calls): SessionOperations {
  return {
    listSessions: (ref, { limit = DEFAULT_LIMIT, after, newestFirst = false } = {}) =>
      gather(limit, after, async (most, from) => {
        const query = { limit: most, after: from, order: newestFirst ? ('desc' as const) : ('asc' as const) }
        const { data, next } = await call('listSessions', { params: { ref }, query })
        return { items: data, next }
      }),
    getSession: (ref, session) => call('getSession', { params: { ref, session } }),
    startSession: (ref) => call('startSession', { params: { ref } }),
    endSession: (ref, session = 'active') => call('endSession', { params: { ref, session } }),
    sweepIdleSessions: async () => (await call('sweepSessions', {}, { timeoutMs: null })).data,
    // A client has no sessions of its own; the server ends those of its own when it stops.
    endOwnSessions: async () => [],
  }
}
