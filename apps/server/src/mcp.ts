import type { Logger } from '@arawn/core/logger'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { readingTools } from './mcp/reading-tools.js'
import { registerResources } from './mcp/resources.js'
import { registerTool } from './mcp/tool.js'
import { writingTools } from './mcp/writing-tools.js'

export interface McpParts {
  readonly manager: WorkstreamManager
  readonly version: string
  /** Told of what nobody expected; those who ask hear only that it happened. */
  readonly logger: Logger
}

/** Workstreams as a server of the Model Context Protocol, whatever it is connected to. One for each connection. */
export function createMcpServer({ manager, version, logger }: McpParts): McpServer {
  const server = new McpServer({ name: 'arawn', title: 'Arawn workstreams', version }, { instructions: INSTRUCTIONS })
  for (const tool of readingTools(manager)) registerTool(server, tool, logger)
  for (const tool of writingTools(manager)) registerTool(server, tool, logger)
  registerResources(server, manager, logger)
  return server
}

const INSTRUCTIONS = `Workstreams are conversations that outlive sessions and models. Each has an id, a title and messages that are
never changed. "scratch" is always there, for what has no place yet.

- To remember what was said: search_messages, then read_messages around what was found.
- To pick up where a conversation was left: get_context gives its summaries and its newest messages.
- To keep something: append_message for what a user or an assistant said, push_message for what a job or an agent reports.

Wherever a workstream is asked for: its id, its title, or at least 4 characters of its id.`
