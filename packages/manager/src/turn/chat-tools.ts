import type { Json } from '@arawn/core/json'
import type { ModelTool } from '@arawn/core/language-model'
import type { ChatTools, ToolOptions } from '@arawn/core/turn-operations'
import * as z from 'zod'
import { invalidInput } from '../input/parse-input.js'

/** A tool that can be offered. */
export interface OfferedTool extends ModelTool {
  /** @param input as the model gave it; a tool checks it. Undefined: the caller runs it, in its own time */
  readonly run: ((input: Json, options: ToolOptions) => Promise<unknown>) | undefined
}

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/

/** @throws INVALID_INPUT with the path of a tool that cannot be offered */
export function offeredTools(tools: ChatTools): OfferedTool[] {
  return Object.entries(tools).map(([name, tool]) => {
    if (!TOOL_NAME.test(name)) throw invalidInput(`tools.${name}`, 'is no name that every provider takes')
    const { execute } = tool
    if (execute !== undefined && typeof execute !== 'function')
      throw invalidInput(`tools.${name}.execute`, 'is no function')
    const schema = tool.inputSchema
    return {
      name,
      description: tool.description ?? '',
      parameters: jsonSchemaOf(schema, name),
      run:
        execute &&
        (async (input, options) => {
          const parsed = schema instanceof z.ZodType ? await schema.parseAsync(input) : input
          return execute(parsed as never, options)
        }),
    }
  })
}

// A tool is offered at every turn, and its schema stays the same.
const written = new WeakMap<z.ZodType, { [key: string]: Json }>()

function jsonSchemaOf(schema: unknown, name: string): { [key: string]: Json } {
  if (schema instanceof z.ZodType) {
    const known = written.get(schema) ?? (z.toJSONSchema(schema) as { [key: string]: Json })
    written.set(schema, known)
    return known
  }
  if (typeof schema === 'object' && schema !== null && 'jsonSchema' in schema)
    return (schema as { jsonSchema: { [key: string]: Json } }).jsonSchema
  throw invalidInput(`tools.${name}.inputSchema`, 'is neither a Zod schema nor a JSON schema')
}
