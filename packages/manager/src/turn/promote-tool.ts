import type { InteractionId, SessionId, WorkstreamId } from '@arawn/core/id'
import type { Message } from '@arawn/core/message'
import type { ChatTool } from '@arawn/core/turn-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import * as z from 'zod'

/**
 * How a model moves a conversation out of scratch: it proposes in one turn, the user answers, and it calls again in a
 * later turn. That call is an intent: what it asks for is done once its turn has ended, with the turn in it.
 */
const PROMOTE_TOOL = 'promote_scratch'

interface Place {
  readonly interaction_id: InteractionId
  readonly session_id: SessionId
}

const promoteInput = z.object({ title: z.string().min(1).max(200), agreed: z.boolean().optional() })

// A proposal further back is no longer what the user agrees to.
const MESSAGES_BACK = 100

export function createPromoteTool(
  { listMessages }: Pick<WorkstreamManager, 'listMessages'>,
  scratch: WorkstreamId,
  place: Place,
): ChatTool {
  return {
    description:
      'Moves this conversation out of scratch into a workstream of its own. Call it first without `agreed` to propose a title, and ask the user. Call it again with `agreed: true` only after the user said yes.',
    inputSchema: promoteInput,
    execute: async ({ title, agreed = false }: { title: string; agreed?: boolean }) => {
      if (!agreed) return `Proposed "${title}". Ask the user now; nothing is moved before they agree.`
      const { items } = await listMessages(scratch, { limit: MESSAGES_BACK })
      const proposed = items.some(
        (message) =>
          message.session_id === place.session_id &&
          message.interaction_id !== place.interaction_id &&
          message.role === 'tool_use' &&
          message.metadata?.tool_name === PROMOTE_TOOL,
      )
      if (!proposed) throw new Error('Propose it first, without `agreed`, and wait for the answer of the user.')
      return `Agreed. The conversation moves to "${title}" when this turn has ended.`
    },
  }
}

/** The title that was agreed on in a turn, by its messages. */
export function agreedTitle(messages: readonly Message[]): string | undefined {
  const fine = new Set(
    messages
      .filter(({ role, metadata }) => role === 'tool_result' && metadata?.is_error !== true)
      .map(({ metadata }) => metadata?.tool_call_id),
  )
  const intent = messages.findLast(
    ({ role, metadata }) =>
      role === 'tool_use' && metadata?.tool_name === PROMOTE_TOOL && fine.has(metadata.tool_call_id),
  )
  const asked = intentSchema.safeParse(intent?.metadata?.arguments)
  return asked.success ? asked.data.title : undefined
}

const intentSchema = z.object({ title: z.string().min(1).max(200), agreed: z.literal(true) })
