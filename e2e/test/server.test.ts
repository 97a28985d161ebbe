import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { eventsInLogs } from '@arawn/testkit/logged-events'
import { expect, it } from 'vitest'
import { expectWhole, openManager } from './opened.js'
import { startServerProcess } from './server-process.js'
import { tempDataDir } from './temp-data-dir.js'

const RESTARTS = 5
const run = promisify(execFile)

/** An event as `eventsInLogs` has it. */
interface Heard {
  readonly id: string
  readonly text: string
}

/** Listens until the line is cut, and remembers all that came whole. */
async function listen(url: string, heard: Heard[], isEnough: () => boolean): Promise<void> {
  const stop = new AbortController()
  const headers: Record<string, string> = heard.length === 0 ? {} : { 'last-event-id': heard.at(-1)?.id ?? '' }
  try {
    const answer = await fetch(`${url}/api/v1/events?since=0`, { headers, signal: stop.signal })
    let rest = ''
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      rest += piece
      const blocks = rest.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data === undefined) continue
        const { id, stamp, workstream_id, type, message } = JSON.parse(data)
        heard.push({ id, text: `${stamp} ${workstream_id} ${type} ${message?.content ?? ''}` })
      }
      if (isEnough()) return
    }
  } catch {
    // The server died.
  } finally {
    stop.abort()
  }
}

it('whoever follows a server that is killed and started again hears what the logs say, once', {
  timeout: 120_000,
}, async () => {
  const dataDir = tempDataDir()
  const manager = await openManager(dataDir)
  await manager.createWorkstream({ id: 'a' })
  const heard: Heard[] = []
  let said = 0
  let isOver = false
  const other = (async () => {
    for (; !isOver; said++) await manager.sendMessage({ workstream: 'a', content: `elsewhere ${said}` })
  })()
  for (let round = 0; round < RESTARTS; round++) {
    const server = await startServerProcess(dataDir)
    const before = heard.length
    const listening = listen(server.url, heard, () => false)
    for (let n = 0; n < 10 || heard.length === before; n++)
      await fetch(`${server.url}/api/v1/workstreams/a/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ content: `through it ${round} ${n}` }),
      })
    expect(await server.end('SIGKILL')).toBeNull()
    await listening
  }
  isOver = true
  await other
  const server = await startServerProcess(dataDir)
  // Its own start may end a session, so the logs are read behind it.
  const expected = eventsInLogs(join(dataDir, 'workstreams'))
  await listen(server.url, heard, () => heard.length >= expected.length)
  expect(heard.map(({ text }) => text)).toEqual(expected)
  expect(await server.end('SIGTERM')).toBe(0)
  await expectWhole(manager)
})

it('every request of the README works as it is written', { timeout: 60_000 }, async () => {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
  const requests = /```console\n(.*?)```/s.exec(readme)?.[1]?.trim().split('\n') ?? []
  expect(requests.length).toBeGreaterThan(3)
  const server = await startServerProcess(tempDataDir())
  for (const request of requests) {
    const command = request.replaceAll('http://127.0.0.1:8080', server.url)
    // curl says 28 when the time that it was given is over.
    const { stdout } = await run('sh', ['-c', `${command} || test $? = 28`])
    expect(stdout, request).not.toBe('')
    expect(stdout, request).not.toContain('"error":{')
  }
  expect(await server.end('SIGTERM')).toBe(0)
})
