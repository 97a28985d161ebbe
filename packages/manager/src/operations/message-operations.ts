import { SCRATCH_ID } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import { decideSend, type NewMessage } from '@arawn/engine/message-decisions'
import type { SessionPolicy } from '@arawn/engine/session-decisions'
import { listMessagesSchema, pushSchema, sendSchema } from '../input/input-schemas.js'
import { parseInput } from '../input/parse-input.js'
import { readMessagePage } from '../reading/read-messages.js'
import { workstreamNotFound } from '../reading/reference.js'
import type { WorkstreamManager } from '../workstream-manager.js'
import type { Desk } from './desk.js'
import type { OwnActivity } from './own-activity.js'

type Operations = Pick<WorkstreamManager, 'sendMessage' | 'pushAgentMessage' | 'listMessages'>

export function createMessageOperations(
  { index, log, read, write }: Desk,
  { sessionPolicy, ownActivity }: { sessionPolicy: SessionPolicy; ownActivity: OwnActivity },
): Operations {
  async function append(reference: string, message: NewMessage): Promise<Message> {
    return write(reference, {
      decide: async ({ context, standing, exists }) => {
        const { workstream, activeSession } = await standing()
        if (workstream === undefined && (exists || reference.toLowerCase() !== SCRATCH_ID))
          throw workstreamNotFound(reference)
        const decided = decideSend({ workstream, activeSession }, message, sessionPolicy, context)
        return {
          records: decided.records,
          // The message is the last of the records.
          answer: (_rows, sequences) => {
            ownActivity.note(workstream?.id ?? SCRATCH_ID, decided.message)
            return { sequence: sequences.at(-1) ?? 0, ...decided.message }
          },
        }
      },
    })
  }

  return {
    sendMessage: async (input) => {
      const { workstream = SCRATCH_ID, role = 'user', ...message } = parseInput(sendSchema, input)
      return append(workstream, { role, ...message })
    },
    pushAgentMessage: async (input) => {
      const { workstream, ...message } = parseInput(pushSchema, input)
      return append(workstream, { role: 'agent_push', ...message })
    },
    listMessages: async (reference, query = {}) => {
      const parsed = parseInput(listMessagesSchema, query)
      return read(reference, ({ id }) => readMessagePage({ rows: index, log }, id, parsed))
    },
  }
}
