import { Readable, Writable } from 'node:stream'
import { type Desk, withManager } from '../command.js'
import type { World } from '../world.js'

/** Speaks the Model Context Protocol until the input ends. Standard output carries nothing else. */
export async function serveMcp(desk: Desk): Promise<void> {
  const { world, settings } = desk
  const [{ createMcpServer }, { serveMcpOnStdio }] = await Promise.all([
    import('@arawn/server/mcp'),
    import('@arawn/server/mcp-stdio'),
  ])
  await withManager(desk, async (manager) => {
    // Whoever started us keeps what is said on standard error.
    await desk.notice(`mcp: the data dir is ${settings.dataDir}`)
    const logger = {
      info: () => {},
      warn: (message: string, facts: object = {}) => void desk.notice(`mcp: ${message} ${JSON.stringify(facts)}`),
    }
    const server = createMcpServer({ manager, version: world.version, logger })
    const input = Readable.from(world.stdin.chunks(), { objectMode: false })
    await serveMcpOnStdio(server, { input, output: outputOf(world) }, world.interrupted)
  })
}

function outputOf({ stdout }: World): Writable {
  return new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => void stdout.write(chunk).then(() => done(), done),
  })
}
