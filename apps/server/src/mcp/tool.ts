import type { Logger } from '@arawn/core/logger'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type * as z from 'zod'
import { toldError } from './told-error.js'

/** Something that a model can do with workstreams. */
export interface McpTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: z.ZodObject
  /** Changes nothing. */
  readonly readOnly: boolean
  run(input: unknown): Promise<ToolAnswer>
}

export interface ToolAnswer {
  /** For people, and for models that see nothing else. */
  readonly text: string
  /** The same for programs. */
  readonly data: Readonly<Record<string, unknown>>
}

/** A tool whose input has been checked by its schema. */
export function mcpTool<Input extends z.ZodObject>(
  tool: Omit<McpTool, 'input' | 'run'> & { input: Input; run(input: z.output<Input>): Promise<ToolAnswer> },
): McpTool {
  return { ...tool, run: async (input) => tool.run(tool.input.parse(input)) }
}

export function registerTool(server: McpServer, tool: McpTool, logger: Logger): void {
  const { name, title, description, input: inputSchema, readOnly } = tool
  const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false }
  server.registerTool(name, { title, description, inputSchema, annotations }, async (input: unknown) => {
    try {
      const { text, data } = await tool.run(input)
      return { content: [{ type: 'text', text }], structuredContent: { ...data } }
    } catch (error) {
      return failed(error, name, logger)
    }
  })
}

function failed(error: unknown, tool: string, logger: Logger): CallToolResult {
  const told = toldError(error, tool, logger)
  return { isError: true, content: [{ type: 'text', text: told.text }], structuredContent: { error: told.facts } }
}
