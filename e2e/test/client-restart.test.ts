import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createWorkstreamClient } from '@arawn/client/create-workstream-client'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import { eventsInLogs } from '@arawn/testkit/logged-events'
import { startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { expect, it, onTestFinished } from 'vitest'
import { expectWhole, openManager } from './opened.js'
import { startServerProcess } from './server-process.js'
import { tempDataDir } from './temp-data-dir.js'

const RESTARTS = 3
const SENDS = 10
// Enough to be at it all the time on a machine that has time.
const MOST_ELSEWHERE = 300

it('one subscription of a client outlives a server that is killed three times, and tells what the logs say, once', {
  timeout: 120_000,
}, async () => {
  const dataDir = tempDataDir()
  const manager = await openManager(dataDir)
  await manager.createWorkstream({ id: 'a' })
  let server = await startServerProcess(dataDir)
  const asUsual = 'http://arawn.example'
  // Each time the server is somewhere else, as behind a name that stays the same.
  const client = createWorkstreamClient({
    url: asUsual,
    fetch: (url, init) => fetch(String(url).replace(asUsual, server.url), init),
    retries: 100,
  })
  onTestFinished(() => client.close())

  const heard: WorkstreamEvent[] = []
  const enough = new AbortController()
  let expected = Number.POSITIVE_INFINITY
  const listening = (async () => {
    for await (const event of client.subscribe({ since: 0, signal: enough.signal }))
      if (heard.push(event) === expected) return
  })()

  let isOver = false
  let elsewhere = 0
  const other = (async () => {
    for (; !isOver && elsewhere < MOST_ELSEWHERE; elsewhere++)
      await manager.sendMessage({ workstream: 'a', content: `elsewhere ${elsewhere}` })
  })()
  const sent: string[] = []
  for (let round = 0; round < RESTARTS; round++) {
    const before = heard.length
    for (let n = 0; n < SENDS || heard.length === before; n++) {
      const content = `through it ${round} ${n}`
      const sending = client.sendMessage({ workstream: 'a', content })
      sent.push(content)
      // The last one is under way when the server dies: the client asks the next one again, with the same key.
      if (n < SENDS - 1) await sending
      else {
        expect(await server.end('SIGKILL')).toBeNull()
        server = await startServerProcess(dataDir)
        await sending
      }
    }
  }
  isOver = true
  await other
  const inLogs = eventsInLogs(join(dataDir, 'workstreams'))
  expected = inLogs.length
  if (heard.length < expected) await listening
  enough.abort()
  await listening
  expect(heard.map(textOf)).toEqual(inLogs)
  const through = heard.flatMap((event) => (event.type === 'message.created' ? [event.message.content] : []))
  expect(through.filter((content) => content.startsWith('through'))).toEqual(sent)
  expect(elsewhere).toBeGreaterThan(RESTARTS)
  await client.close()
  expect(await server.end('SIGTERM')).toBe(0)
  await expectWhole(manager)
})

it('a turn whose server is killed ends for its client as interrupted, with what was heard of it', {
  timeout: 60_000,
}, async () => {
  const provider = await startScriptedProvider([{ text: ['one ', 'two '], ending: 'silence' }])
  onTestFinished(() => provider.close())
  const dataDir = tempDataDir()
  const config = join(dataDir, 'arawn.toml')
  const profile = `provider = "openai-compatible"\nbase_url = "${provider.baseUrl}"\nmodel = "scripted"\n`
  writeFileSync(config, `[llm_profiles.test]\n${profile}`)
  let server = await startServerProcess(dataDir, { ARAWN_CONFIG: config })
  const asUsual = 'http://arawn.example'
  const client = createWorkstreamClient({
    url: asUsual,
    fetch: (url, init) => fetch(String(url).replace(asUsual, server.url), init),
  })
  onTestFinished(() => client.close())
  const turn = await client.chat({ content: 'count' })
  let text = ''
  const types: string[] = []
  for await (const event of turn.events()) {
    if (event.type !== 'turn.delta') {
      types.push(event.type)
      continue
    }
    text += event.text
    if (text !== 'one two ') continue
    expect(await server.end('SIGKILL')).toBeNull()
    server = await startServerProcess(dataDir, { ARAWN_CONFIG: config })
  }
  expect(text).toBe('one two ')
  expect(types).toEqual(['turn.started', 'turn.failed'])
  expect(await turn.ended).toMatchObject({ status: 'interrupted' })
  expect(await client.listFailedTurns('scratch')).toMatchObject([{ interaction_id: turn.interaction_id }])
})

/** As `eventsInLogs` has it. */
function textOf(event: WorkstreamEvent): string {
  const said = event.type === 'message.created' ? event.message.content : ''
  return `${event.stamp} ${event.workstream_id} ${event.type} ${said}`
}
