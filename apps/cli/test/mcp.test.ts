import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeCli } from './run-cli.js'

const bin = fileURLToPath(new URL('../bin/arawn.mjs', import.meta.url))

const request = (id: number, method: string, params: object = {}) => ({ jsonrpc: '2.0', id, method, params })
const initialize = request(1, 'initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
})
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }
const append = (id: number, content: string) =>
  request(id, 'tools/call', { name: 'append_message', arguments: { content } })

describe('arawn mcp', () => {
  it('answers all that was asked before the input ended, and prints nothing else', async () => {
    const cli = makeCli()
    const lines = [initialize, initialized, append(2, 'one'), append(3, 'two'), request(4, 'tools/list')]
    const stdin = `${lines.map((line) => JSON.stringify(line)).join('\n')}\nno json at all\n`
    const { code, out, err } = await cli.with({ stdin }, 'mcp')
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; result: object })
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4])
    expect(answers.find(({ id }) => id === 3)?.result).toMatchObject({
      structuredContent: { message: { content: 'two' } },
    })
    expect(code).toBe(0)
    expect(err).toBe(`arawn: mcp: the data dir is ${cli.dataDir}\n`)
    const history = await cli('history', 'scratch', '--json')
    expect(history.out.trimEnd().split('\n')).toHaveLength(2)
  })

  it('says nothing at all when it is told to be quiet', async () => {
    const { out, err } = await makeCli().with({ stdin: '' }, '--quiet', 'mcp')
    expect([out, err]).toEqual(['', ''])
  })
})

describe.skipIf(!existsSync(new URL('../dist/main.js', import.meta.url)))(
  'arawn mcp, as it is installed (skipped without a build)',
  () => {
    it('ends on a signal, though its input goes on', async () => {
      const { dir } = makeCli()
      const child = spawn(process.execPath, [bin, 'mcp'], { cwd: dir, env: { PATH: process.env.PATH, HOME: dir } })
      onTestFinished(() => void child.kill('SIGKILL'))
      child.stdin.write(`${JSON.stringify(initialize)}\n`)
      await once(child.stdout, 'data')
      child.kill('SIGTERM')
      expect(await once(child, 'exit')).toEqual([143, null])
    })

    it('lets a client use the data dir that other commands use', async () => {
      const cli = makeCli()
      await cli('workstream', 'create', '--id', 'trip', 'Trip')
      await cli('send', '-w', 'trip', 'The ferry leaves at seven.')
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [bin, '--data-dir', cli.dataDir, 'mcp'],
        cwd: cli.dir,
        env: { PATH: process.env.PATH ?? '', HOME: cli.dir },
        stderr: 'pipe',
      })
      const heard = transport.stderr === null ? '' : text(transport.stderr as never)
      const client = new Client({ name: 'test', version: '1' })
      onTestFinished(() => client.close())
      // Its types do not know exactOptionalPropertyTypes.
      await client.connect(transport as Parameters<Client['connect']>[0])
      const read = (name: string, input: object) => client.callTool({ name, arguments: { ...input } })
      const found = await read('search_messages', { query: 'ferry' })
      expect(found.structuredContent).toMatchObject({ hits: [{ workstream_id: 'trip', sequence: 1 }] })
      const gone = await read('read_messages', { workstream: 'tripp' })
      expect(gone).toMatchObject({ isError: true, structuredContent: { error: { code: 'WORKSTREAM_NOT_FOUND' } } })
      await read('push_message', { workstream: 'trip', content: 'Storm tonight.' })
      expect((await cli('history', 'trip')).out).toContain('Storm tonight.')
      const { contents } = await client.readResource({ uri: 'workstream://trip' })
      expect(contents).toMatchObject([{ mimeType: 'text/markdown', text: expect.stringContaining('Storm tonight.') }])
      await client.close()
      expect(await heard).toBe(`arawn: mcp: the data dir is ${cli.dataDir}\n`)
    })
  },
)
