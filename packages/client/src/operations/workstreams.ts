import { hasCode } from '@arawn/core/error'
import { camelKeys } from '@arawn/core/wire-case'
import type { Workstream } from '@arawn/core/workstream'
import type { StandsElsewhere, WorkstreamOperations } from '@arawn/core/workstream-operations'
import type { Calls } from '../http/calls.js'
import { unreadable } from '../http/read-error.js'
import { gather } from '../paging/gather.js'

const DEFAULT_LIMIT = 20

export function workstreamOperations({ call, ask }: Calls, url: string): WorkstreamOperations {
  const at = (ref: string) => ({ params: { ref } })
  return {
    createWorkstream: ({ idempotency_key: idempotencyKey, tags, ...input } = {}) =>
      call('createWorkstream', { body: { ...input, ...(tags && { tags: [...tags] }) } }, { idempotencyKey }),
    getWorkstream: (ref) => call('getWorkstream', at(ref)),
    listWorkstreams: ({ limit = DEFAULT_LIMIT, after, text: q, ...filter } = {}) =>
      gather(limit, after, async (most, from) => {
        const { data, next } = await call('listWorkstreams', { query: { ...filter, q, limit: most, after: from } })
        return { items: data, next }
      }),
    updateWorkstream: async (ref, { tags, ...changes }, { check } = {}) => {
      const body = { ...changes, ...(tags && { tags: [...tags] }) }
      // What is looked at is what is changed: when somebody was quicker, it is looked at again.
      for (;;) {
        let ifMatch: string | undefined
        if (check !== undefined) {
          const { answer, headers } = await ask('getWorkstream', at(ref))
          check(withoutSession(answer))
          ifMatch = headers.get('etag') ?? undefined
        }
        try {
          return await call('updateWorkstream', { ...at(ref), body }, { ifMatch })
        } catch (error) {
          if (check === undefined || !hasCode(error, 'PRECONDITION_FAILED')) throw error
        }
      }
    },
    pauseWorkstream: (ref) => call('pauseWorkstream', at(ref)),
    resumeWorkstream: (ref) => call('resumeWorkstream', at(ref)),
    archiveWorkstream: (ref) => call('archiveWorkstream', at(ref)),
    unarchiveWorkstream: (ref) => call('unarchiveWorkstream', at(ref)),
    forkWorkstream: (ref, fork = {}) => call('forkWorkstream', { ...at(ref), body: fork }),
    purgeWorkstream: async (ref) => {
      const { purged, ...workstream } = await call('deleteWorkstream', { ...at(ref), query: { purge: true } })
      if (purged === undefined) throw unreadable(url, 200, 'it does not say what was purged')
      const { promoted_to, promoted_from, ...rest } = purged.elsewhere
      const elsewhere: StandsElsewhere = {
        promotedTo: promoted_to.map(camelKeys),
        promotedFrom: promoted_from.map(camelKeys),
        ...camelKeys(rest),
      }
      return { workstream, trashed: camelKeys(purged.trashed), elsewhere }
    },
  }
}

function withoutSession({ active_session: _, ...workstream }: Workstream & { active_session: unknown }): Workstream {
  return workstream
}
