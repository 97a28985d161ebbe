import { SCRATCH_ID } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import * as z from 'zod'
import { shownMessage } from './shown-message.js'
import { type McpTool, mcpTool, type ToolAnswer } from './tool.js'
import { authorField, contentSchema, keyField, messageSchema, referenceSchema } from './tool-fields.js'

export function writingTools(manager: WorkstreamManager): McpTool[] {
  return [
    mcpTool({
      name: 'append_message',
      title: 'Append a message',
      description:
        'Adds what somebody said to a workstream, by default to scratch. No model is asked. It is on disk when this answers, and cannot be changed afterwards.',
      readOnly: false,
      input: z.object({
        workstream: referenceSchema.default(SCRATCH_ID).describe('id or title of the workstream; scratch by default'),
        content: contentSchema,
        role: z.enum(['user', 'assistant', 'system']).default('user').describe('who said it; `user` by default'),
        author: authorField,
        idempotency_key: keyField,
      }),
      run: async (input) => kept(input.workstream, await manager.sendMessage(input)),
    }),
    mcpTool({
      name: 'push_message',
      title: 'Push a message',
      description:
        'Reports something into a workstream, as an agent or a background job: it is shown as information, not as the words of the user.',
      readOnly: false,
      input: z.object({
        workstream: referenceSchema,
        content: contentSchema,
        author: authorField.describe('which agent or job'),
        idempotency_key: keyField,
      }),
      run: async (input) => kept(input.workstream, await manager.pushAgentMessage(input)),
    }),
    mcpTool({
      name: 'create_workstream',
      title: 'Create a workstream',
      description: 'Makes a new, empty workstream. Look with list_workstreams first whether there is one already.',
      readOnly: false,
      input: z.object({
        title: z.string().trim().min(1).max(200),
        id: z
          .string()
          .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)
          .optional()
          .describe('an id of your own; by default one is drawn'),
        tags: z.array(z.string()).optional(),
        idempotency_key: keyField,
      }),
      run: async (input) => {
        const { id, title, tags, created_at } = await manager.createWorkstream(input)
        return { text: `Made ${id} (${title}).`, data: { id, title, tags, created_at } }
      },
    }),
    mcpTool({
      name: 'promote',
      title: 'Promote out of scratch',
      description:
        'Moves messages out of scratch, by default those of its active session, into a new workstream (`title`) or one that is there (`into`). Only when the user wants that.',
      readOnly: false,
      input: z.object({
        title: z.string().trim().min(1).max(200).optional().describe('of the new workstream; either this or `into`'),
        into: referenceSchema.optional(),
        session: z.string().optional().describe('all of this session of scratch'),
        first: messageSchema.optional().describe('the first message to move, with `last`'),
        last: messageSchema.optional().describe('the last message to move'),
        idempotency_key: keyField,
      }),
      run: async ({ first, last, ...input }) => {
        const messages = first === undefined && last === undefined ? undefined : rangeOf(first, last)
        const { id, workstream, messages: count } = await manager.promote({ ...input, messages })
        const text = `Moved ${count} messages to ${workstream.id} (${workstream.title ?? 'no title'}).`
        return { text, data: { id, workstream_id: workstream.id, title: workstream.title, messages: count } }
      },
    }),
  ]
}

type Place = number | string | undefined

/** One border alone names one message. */
function rangeOf(first: Place, last: Place): { first: number | string; last: number | string } {
  const from = first ?? last ?? ''
  return { first: from, last: last ?? from }
}

function kept(workstream: string, message: Message): ToolAnswer {
  const { id, sequence } = message
  return { text: `Kept in ${workstream} as #${sequence} (${id}).`, data: { message: shownMessage(message) } }
}
