import type { Message } from '@arawn/core/message'
import type { ChatTool } from '@arawn/core/turn-operations'
import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import * as z from 'zod'
import { type OfferedTool, offeredTools } from './chat-tools.js'
import { createPromoteTool } from './promote-tool.js'
import type { TurnPlace } from './turn-log.js'

export type ToolOperations = Pick<
  WorkstreamManager,
  'searchMessages' | 'listMessages' | 'listWorkstreams' | 'createWorkstream'
>

/** What every model can do in a workstream; in scratch also propose a place for what was said. */
export function ownTools(
  operations: ToolOperations,
  workstream: Pick<Workstream, 'id' | 'is_scratch'>,
  place: Pick<TurnPlace, 'interaction_id' | 'session_id'>,
): OfferedTool[] {
  const { id } = workstream
  return offeredTools({
    search_messages: searchMessagesTool(operations, id),
    read_messages: readMessagesTool(operations, id),
    list_workstreams: listWorkstreamsTool(operations),
    create_workstream: createWorkstreamTool(operations),
    ...(workstream.is_scratch && { promote_scratch: createPromoteTool(operations, id, place) }),
  })
}

const MAX_CONTENT_CHARACTERS = 4_000

// Made once: turned into JSON schemas for every turn they would take longer than most of a context.
const searchInput = z.object({
  query: z.string().min(1),
  workstream: z.string().optional().describe('id or title; by default this one, "*" for all'),
  limit: z.int().min(1).max(20).optional().describe('8 by default'),
})

const readInput = z.object({
  workstream: z.string().optional().describe('id or title; by default this one'),
  before: z.int().positive().optional().describe('only messages before this sequence'),
  after: z.int().nonnegative().optional().describe('only messages after this sequence'),
  limit: z.int().min(1).max(50).optional().describe('20 by default'),
})

const listInput = z.object({
  text: z.string().optional().describe('part of the title'),
  limit: z.int().min(1).max(50).optional().describe('20 by default'),
})

const createInput = z.object({ title: z.string().min(1).max(200) })

function shown({ sequence, id, timestamp, role, author, content }: Message) {
  const cut = content.length > MAX_CONTENT_CHARACTERS
  return {
    sequence,
    id,
    timestamp,
    role,
    author,
    content: cut ? `${content.slice(0, MAX_CONTENT_CHARACTERS)}…` : content,
  }
}

function searchMessagesTool({ searchMessages }: ToolOperations, here: string): ChatTool {
  return {
    description:
      'Finds earlier messages by their words, or by a question; `"a phrase"`, `prefix*`, `-without` and `OR` are exact. Gives passages; read more with read_messages.',
    inputSchema: searchInput,
    execute: async ({
      query,
      workstream = here,
      limit = 8,
    }: {
      query: string
      workstream?: string
      limit?: number
    }) => {
      const found = await searchMessages({ query, limit, ...(workstream !== '*' && { workstream }) })
      return {
        complete: found.complete,
        passages: found.items.map(({ message: { sequence, id, timestamp, role }, workstream_id, snippet }) => ({
          workstream: workstream_id,
          sequence,
          id,
          timestamp,
          role,
          snippet,
        })),
      }
    },
  }
}

function readMessagesTool({ listMessages }: ToolOperations, here: string): ChatTool {
  return {
    description:
      'Reads messages of a workstream word for word, oldest first; without a border the newest ones. Sequences number its messages.',
    inputSchema: readInput,
    execute: async ({
      workstream = here,
      before,
      after,
      limit = 20,
    }: Record<'before' | 'after' | 'limit', number | undefined> & { workstream?: string }) => {
      const page = await listMessages(workstream, { before, after, limit })
      return { messages: page.items.map(shown), has_older: page.hasOlder, has_newer: page.hasNewer }
    },
  }
}

function listWorkstreamsTool({ listWorkstreams }: ToolOperations): ChatTool {
  return {
    description: 'Lists workstreams, the one used last first.',
    inputSchema: listInput,
    execute: async ({ text, limit = 20 }: { text?: string; limit?: number }) => {
      const page = await listWorkstreams({ text, limit })
      return page.items.map(({ id, title, state, message_count, last_message_at }) => ({
        id,
        title,
        state,
        message_count,
        last_message_at,
      }))
    },
  }
}

function createWorkstreamTool({ createWorkstream }: ToolOperations): ChatTool {
  return {
    description: 'Makes a new, empty workstream. Only when the user asks for one.',
    inputSchema: createInput,
    execute: async ({ title }: { title: string }, { toolCallId }) => {
      const { id } = await createWorkstream({ title, idempotency_key: `tool:${toolCallId}`.slice(0, 255) })
      return { id, title }
    },
  }
}
