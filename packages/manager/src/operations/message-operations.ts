import { SCRATCH_ID } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { decideSend, type NewMessage } from '@arawn/engine/message-decisions'
import type { SessionPolicy } from '@arawn/engine/session-decisions'
import { firstMessage } from '../idempotency/first-answer.js'
import { replayed } from '../idempotency/replays.js'
import { findRepeated, requestKey } from '../idempotency/request-key.js'
import { listMessagesSchema, pushSchema, sendSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import { createKnownPages } from '../reading/known-pages.js'
import { readMessagePage } from '../reading/read-messages.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { Desk } from './desk.js'
import type { OwnActivity } from './own-activity.js'

type Operations = Pick<WorkstreamManager, 'sendMessage' | 'pushAgentMessage' | 'listMessages'>

export function createMessageOperations(
  { index, log, read, write }: Desk,
  { sessionPolicy, ownActivity }: { sessionPolicy: SessionPolicy; ownActivity: OwnActivity },
): Operations {
  const knownPages = createKnownPages({ log, index })

  async function append(
    operation: 'send' | 'push',
    reference: string,
    message: NewMessage,
    key: string | undefined,
  ): Promise<Message> {
    // The key is the workstream's, so what was asked does not depend on how the workstream was named.
    const idempotency = requestKey(key, operation, { ...message })
    return write(reference, {
      once: key,
      decide: async ({ context, standing, exists, rows, workstreamId }) => {
        if (idempotency !== undefined) {
          const reader = await rows()
          const repeated = await findRepeated(reader, workstreamId, idempotency)
          if (repeated !== undefined) {
            const first = await firstMessage({ rows: reader, log }, repeated)
            return { records: [], answer: () => replayed(first) }
          }
        }
        const { workstream, activeSession } = await standing()
        if (workstream === undefined && (exists || reference.toLowerCase() !== SCRATCH_ID))
          throw workstreamNotFound(reference)
        const decided = decideSend({ workstream, activeSession }, { idempotency, ...message }, sessionPolicy, context)
        return {
          records: decided.records,
          // The message is the last of the records.
          answer: (_rows, sequences) => {
            ownActivity.note(workstreamId, decided.message)
            return { sequence: sequences.at(-1) ?? 0, ...decided.message }
          },
        }
      },
    })
  }

  return {
    sendMessage: async (input) => {
      const { workstream = SCRATCH_ID, role = 'user', idempotency_key, ...message } = parseInput(sendSchema, input)
      return append('send', workstream, { role, ...message }, idempotency_key)
    },
    pushAgentMessage: async (input) => {
      const { workstream, idempotency_key, ...message } = parseInput(pushSchema, input)
      return append('push', workstream, { role: 'agent_push', ...message }, idempotency_key)
    },
    listMessages: async (reference, query = {}, again = undefined) => {
      const parsed = parseInput(listMessagesSchema, query)
      if (again === undefined)
        return read(reference, async ({ id }) => (await readMessagePage({ rows: index, log }, id, parsed)).page)
      const { last } = again
      return read(
        reference,
        ({ id }) => knownPages.read(id, parsed),
        async () => (last !== undefined && (await knownPages.holds(last, reference, parsed)) ? last : undefined),
      )
    },
  }
}
