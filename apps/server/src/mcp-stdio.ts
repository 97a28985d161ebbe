import type { Readable, Writable } from 'node:stream'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CancelledNotificationSchema, isJSONRPCRequest } from '@modelcontextprotocol/sdk/types.js'

export interface StdioParts {
  readonly input: Readable
  /** Gets nothing but the protocol. */
  readonly output: Writable
}

/** Speaks to one client. Resolves when the input has ended and all that was asked is answered, or on `signal`. */
export async function serveMcpOnStdio(
  server: McpServer,
  { input, output }: StdioParts,
  signal: AbortSignal,
): Promise<void> {
  const transport = new StdioServerTransport(input, output)
  const open = new Set<string | number>()
  let hasEnded = false
  let finish = () => {}
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const look = () => {
    if (signal.aborted || (hasEnded && open.size === 0)) finish()
  }
  const send = transport.send.bind(transport)
  transport.send = async (message) => {
    await send(message)
    if (!('id' in message) || message.id === undefined) return
    open.delete(message.id)
    look()
  }
  await server.connect(transport)
  const { onmessage } = transport
  transport.onmessage = (message) => {
    if (isJSONRPCRequest(message)) open.add(message.id)
    const cancelled = CancelledNotificationSchema.safeParse(message)
    // Nobody answers it any more.
    if (cancelled.success && cancelled.data.params.requestId !== undefined) open.delete(cancelled.data.params.requestId)
    onmessage?.(message)
  }
  const end = () => {
    hasEnded = true
    look()
  }
  input.once('end', end)
  input.once('close', end)
  signal.addEventListener('abort', look, { once: true })
  look()
  await finished
  signal.removeEventListener('abort', look)
  await server.close()
}
