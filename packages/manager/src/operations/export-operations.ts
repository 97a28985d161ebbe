import type { Session } from '@arawn/core/session'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { exportMarkdown } from '@arawn/engine/export-markdown'
import { exportOpenAi } from '@arawn/engine/export-openai'
import { allMessages } from '../all-messages.js'

/** What of an export can be made from the other operations. */
export function createExportOperations({
  getWorkstream,
  listSessions,
  listMessages,
}: Pick<WorkstreamManager, 'getWorkstream' | 'listSessions' | 'listMessages'>): Pick<WorkstreamManager, 'exportText'> {
  async function allSessions(id: string): Promise<Session[]> {
    const sessions: Session[] = []
    for (let after: string | undefined, more = true; more; ) {
      const page = await listSessions(id, { limit: 1_000, after })
      sessions.push(...page.items)
      after = page.next
      more = after !== undefined
    }
    return sessions
  }

  return {
    exportText: async (reference, format) => {
      const { active_session: _, ...workstream } = await getWorkstream(reference)
      const messages = allMessages({ listMessages }, workstream.id)
      if (format === 'openai') return exportOpenAi(messages)
      return exportMarkdown({ workstream, sessions: await allSessions(workstream.id), messages })
    },
  }
}
