import { roleSchema, timestampSchema } from '@arawn/core/message'
import { workstreamStateSchema } from '@arawn/core/workstream'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import * as z from 'zod'
import { contextText } from './context-text.js'
import { messageText, shownMessage } from './shown-message.js'
import { type McpTool, mcpTool } from './tool.js'
import { afterSchema, messageSchema, referenceSchema } from './tool-fields.js'

export function readingTools(manager: WorkstreamManager): McpTool[] {
  return [
    mcpTool({
      name: 'search_messages',
      title: 'Search messages',
      description:
        'Finds messages by what they say, in one workstream or in all: words or a question (messages with all of the words come first); `"a phrase"`, `prefix*`, `-without` and `OR` are exact. Gives passages; read_messages with `around` gives what was said about them.',
      readOnly: true,
      input: z.object({
        query: z.string().min(1).describe('words, or any of the above'),
        workstream: referenceSchema.optional().describe('only in this one; by default in all'),
        role: roleSchema.optional().describe('only what this role said'),
        since: timestampSchema.optional().describe('said at this time or later, ISO 8601 with a time zone'),
        until: timestampSchema.optional().describe('said before this time'),
        order: z.enum(['relevance', 'newest']).optional().describe('`relevance` by default'),
        limit: z.int().min(1).max(50).default(10),
        after: afterSchema,
      }),
      run: async (input) => {
        const { items, complete, next } = await manager.searchMessages(input)
        const hits = items.map(({ message, workstream_id, snippet }) => {
          const { id, sequence, timestamp, role, author } = message
          return { workstream_id, id, sequence, timestamp, role, ...(author !== undefined && { author }), snippet }
        })
        const lines = hits.map(
          ({ workstream_id, sequence, role, timestamp, snippet }) =>
            `[${workstream_id} #${sequence} ${role}, ${timestamp}] ${snippet}`,
        )
        const notes = [
          ...(next === undefined ? [] : [`More with after: ${next}`]),
          ...(complete ? [] : ['Not all messages could be searched yet; ask again in a moment for the rest.']),
        ]
        const text = [...(lines.length === 0 ? ['Nothing was found.'] : lines), ...notes].join('\n')
        return { text, data: { hits, complete, next: next ?? null } }
      },
    }),
    mcpTool({
      name: 'read_messages',
      title: 'Read messages',
      description:
        'Reads messages of a workstream word for word, oldest first. Without a border the newest ones; `around` gives what stands about one message.',
      readOnly: true,
      input: z.object({
        workstream: referenceSchema,
        before: messageSchema.optional().describe('only messages before this one'),
        after: messageSchema.optional().describe('only messages after this one'),
        around: messageSchema.optional().describe('this one and those about it'),
        limit: z.int().min(1).max(100).default(20),
      }),
      run: async ({ workstream, ...query }) => {
        const { items, hasOlder, hasNewer } = await manager.listMessages(workstream, query)
        const notes = [
          ...(hasOlder ? [`There are earlier ones: before: ${items[0]?.sequence}`] : []),
          ...(hasNewer ? [`There are later ones: after: ${items.at(-1)?.sequence}`] : []),
        ]
        const said = items.length === 0 ? ['There are no such messages.'] : items.map(messageText)
        const text = [...said, ...notes].join('\n\n')
        return { text, data: { messages: items.map(shownMessage), has_older: hasOlder, has_newer: hasNewer } }
      },
    }),
    mcpTool({
      name: 'list_workstreams',
      title: 'List workstreams',
      description: 'Lists workstreams, the one used last first; archived ones only when they are asked for.',
      readOnly: true,
      input: z.object({
        text: z.string().optional().describe('part of the title'),
        tag: z.string().optional(),
        state: z
          .union([workstreamStateSchema, z.literal('all')])
          .optional()
          .describe('by default all but archived ones'),
        limit: z.int().min(1).max(100).default(20),
        after: afterSchema,
      }),
      run: async (input) => {
        const { items, next } = await manager.listWorkstreams(input)
        const workstreams = items.map(({ id, title, state, tags, message_count, last_message_at }) => ({
          id,
          title,
          state,
          tags,
          message_count,
          last_message_at,
        }))
        const lines = workstreams.map(({ id, title, state, message_count, last_message_at }) => {
          const facts = [`${message_count} messages`, last_message_at, state === 'active' ? null : state]
          return `${id}  ${title ?? '(no title)'}  (${facts.filter((fact) => fact !== null).join(', ')})`
        })
        const more = next === undefined ? [] : [`More with after: ${next}`]
        const text = [...(lines.length === 0 ? ['There are none.'] : lines), ...more].join('\n')
        return { text, data: { workstreams, next: next ?? null } }
      },
    }),
    mcpTool({
      name: 'get_context',
      title: 'Get the context of a workstream',
      description:
        'What a model would be given to go on with a workstream: summaries of what was said before, then the newest messages. The way to pick up a long conversation.',
      readOnly: true,
      input: z.object({
        workstream: referenceSchema,
        message: z.string().optional().describe('what is about to be said, so that what belongs to it is recalled'),
        model: z.string().optional().describe('a profile of the settings; how much fits depends on it'),
      }),
      run: async ({ workstream, message, model }) => {
        const context = await manager.explainContext(workstream, { message, model })
        const { messages, parts, tokens, budgetTokens } = context
        const named = parts.map(({ name, tokens: size, reason }) => ({ name, tokens: size, reason }))
        const data = { messages, parts: named, tokens, budget_tokens: budgetTokens, model: context.model }
        return { text: contextText(messages), data }
      },
    }),
  ]
}
