import { errorOutcomes } from '@arawn/core/error-outcome'
import type { Logger } from '@arawn/core/logger'
import type { Message } from '@arawn/core/message'
import type { Session } from '@arawn/core/session'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { exportMarkdown } from '@arawn/engine/export-markdown'
import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpError } from '@modelcontextprotocol/sdk/types.js'
import { shownMessage } from './shown-message.js'
import { toldError } from './told-error.js'

// Clients put a whole resource before a model.
const NEWEST = 100
const MAX_CHARACTERS = 100_000
// Clients show the list to people; older ones are found by their ids.
const LISTED = 50

/** Each workstream as a page of Markdown, `workstream://{id}`. */
export function registerResources(server: McpServer, manager: WorkstreamManager, logger: Logger): void {
  const template = new ResourceTemplate('workstream://{id}', {
    list: async () => {
      const { items } = await manager.listWorkstreams({ limit: LISTED })
      return {
        resources: items.map(({ id, title, message_count }) => ({
          uri: `workstream://${id}`,
          name: id,
          title: title ?? id,
          description: `${message_count} messages`,
          mimeType: 'text/markdown',
        })),
      }
    },
    complete: {
      id: async (begun) => {
        const { items } = await manager.listWorkstreams({ limit: 1_000, state: 'all' })
        const typed = begun.toLowerCase()
        const fits = ({ id, title }: (typeof items)[number]) =>
          id.startsWith(typed) || title?.toLowerCase().includes(typed) === true
        return items.filter(fits).map(({ id }) => id)
      },
    },
  })
  const about = {
    title: 'Workstream',
    description: `A conversation as Markdown: its newest messages, at most ${NEWEST}.`,
    mimeType: 'text/markdown',
  }
  server.registerResource('workstream', template, about, async (uri, { id }) => {
    const text = await pageOf(manager, decodeURIComponent(String(id))).catch((error: unknown) => {
      const { text: problem, facts } = toldError(error, uri.href, logger)
      throw new McpError(errorOutcomes[facts.code].kind === 'not_found' ? NOT_FOUND : INTERNAL, problem)
    })
    return { contents: [{ uri: uri.href, mimeType: 'text/markdown', text }] }
  })
}

// As the protocol has them; the SDK has no name for the first one.
const NOT_FOUND = -32_002
const INTERNAL = -32_603

async function pageOf(manager: WorkstreamManager, reference: string): Promise<string> {
  const workstream = await manager.getWorkstream(reference)
  const page = await manager.listMessages(workstream.id, { limit: NEWEST })
  const messages = fitting(page.items.map(shortened))
  const isWhole = messages.length === page.items.length && !page.hasOlder
  const pieces: string[] = []
  for await (const piece of exportMarkdown({
    workstream,
    sessions: await sessionsOf(manager, workstream.id),
    messages,
  }))
    pieces.push(piece)
  if (!isWhole) pieces.splice(1, 0, note(workstream.id, messages))
  return pieces.join('')
}

function shortened(message: Message): Message {
  const { content, cut_from: whole } = shownMessage(message)
  if (whole === undefined) return message
  return { ...message, content: `${content}\n[cut here: ${whole} characters in all]` }
}

/** The newest ones that have room together, at least one. */
function fitting(messages: readonly Message[]): Message[] {
  const fit: Message[] = []
  let characters = 0
  for (const message of [...messages].reverse()) {
    characters += message.content.length
    if (characters > MAX_CHARACTERS && fit.length > 0) break
    fit.unshift(message)
  }
  return fit
}

function note(id: string, messages: readonly Message[]): string {
  const first = messages[0]?.sequence ?? 1
  return `\n> Only the newest ${messages.length} messages are shown. Earlier ones: read_messages with \`workstream: "${id}"\` and \`before: ${first}\`.\n`
}

async function sessionsOf(manager: WorkstreamManager, id: string): Promise<Session[]> {
  const sessions: Session[] = []
  for (let after: string | undefined; ; ) {
    const page = await manager.listSessions(id, { limit: 1_000, after })
    sessions.push(...page.items)
    if (page.next === undefined) return sessions
    after = page.next
  }
}
