import { SCRATCH_ID } from '@arawn/core/id'
import type { MessageOperations } from '@arawn/core/message-operations'
import type { Calls } from '../http/calls.js'
import { walkMessages } from '../paging/walk-messages.js'

const DEFAULT_LIMIT = 50

export function messageOperations({ call }: Calls): MessageOperations {
  return {
    sendMessage: async ({ workstream = SCRATCH_ID, idempotency_key: idempotencyKey, ...body }) => {
      const sent = await call('addMessage', { params: { ref: workstream }, body }, { idempotencyKey })
      // Nobody was asked to respond.
      return sent as Exclude<typeof sent, { turn: unknown }>
    },
    pushAgentMessage: ({ workstream, idempotency_key: idempotencyKey, ...body }) =>
      call('pushMessage', { params: { ref: workstream }, body }, { idempotencyKey }),
    listMessages: (ref, { limit = DEFAULT_LIMIT, ...borders } = {}) =>
      walkMessages(
        async (most, { includePromoted, ...border }) => {
          const query = { ...border, include_promoted: includePromoted, limit: most }
          const { data, has_older, has_newer } = await call('listMessages', { params: { ref }, query })
          return { items: data, hasOlder: has_older, hasNewer: has_newer }
        },
        limit,
        borders,
      ),
    promote: async ({ title, into, idempotency_key: idempotencyKey, ...what }) => {
      const asked = { params: { ref: into ?? SCRATCH_ID }, body: { title, ...what } }
      const { id, workstream, messages } = await call('promoteScratch', asked, { idempotencyKey })
      return { id, workstream, messages }
    },
  }
}
