import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventsInLogs } from '@arawn/testkit/logged-events'
import { type ScriptedProvider, startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { expect, it, onTestFinished } from 'vitest'
import { followEvents, followSocket } from './followers.js'
import { expectWhole, openManager } from './opened.js'
import { type ServerProcess, startServerProcess } from './server-process.js'
import { tempDataDir } from './temp-data-dir.js'

const ROUNDS = 15

it('two servers on one data dir behave as one, and when one is killed the other goes on', {
  timeout: 120_000,
}, async () => {
  const dataDir = tempDataDir()
  const provider = await heldProvider()
  const env = { ARAWN_CONFIG: configFile(dataDir, provider) }
  const [a, b] = await Promise.all([startServerProcess(dataDir, env), startServerProcess(dataDir, env)])
  await ask(a, 'workstreams', { body: { id: 'w', title: 'W' } })
  const [onA, onB] = await Promise.all(
    [a, b].map(async ({ url }) => [await followEvents(url, 'since=0'), await followSocket(url, 'since=0')] as const),
  )

  // Both take messages at once, and each repeats what the other was told.
  for (let n = 0; n < ROUNDS; n++) {
    const [first, second] = n % 2 === 0 ? [a, b] : [b, a]
    const keyed = { headers: { 'idempotency-key': `k${n}` }, body: { content: `keyed ${n}` } }
    const [kept] = await Promise.all([
      ask(first, 'workstreams/w/messages', keyed),
      ask(second, 'workstreams/w/push', { body: { content: `pushed ${n}`, author: 'ci' } }),
    ])
    const repeated = await ask(second, 'workstreams/w/messages', keyed)
    expect([kept.replayed, repeated.replayed]).toEqual([null, 'true'])
    expect(repeated.json).toEqual(kept.json)
  }

  const chat = { headers: { 'idempotency-key': 'turn' }, body: { message: 'hold on', workstream_id: 'w' } }
  const dying = ask(a, 'chat', chat).catch(() => 'cut')
  for (const follower of [...(onA ?? []), ...(onB ?? [])]) await follower.until('turn.started')
  const busy = await ask(b, 'chat', { body: { message: 'and me?', workstream_id: 'w' } })
  expect([busy.status, busy.json.error.code]).toEqual([409, 'WORKSTREAM_BUSY'])
  const same = await ask(b, 'chat', chat)
  expect([same.replayed, same.json.turn.status]).toEqual(['true', 'running'])

  expect(await a.end('SIGKILL')).toBeNull()
  expect(await dying).toBe('cut')
  const next = await ask(b, 'chat', { body: { message: 'are you there?', workstream_id: 'w' } })
  expect(next.json.turn.status).toBe('ok')
  expect((await ask(b, 'chat', chat)).json.turn).toMatchObject({
    interaction_id: same.json.turn.interaction_id,
    status: 'interrupted',
  })

  const expected = eventsInLogs(join(dataDir, 'workstreams'))
  for (const follower of onB ?? []) {
    await follower.untilCount(expected.length)
    expect(follower.heard.slice(0, expected.length)).toEqual(expected)
  }
  for (const follower of onA ?? []) expect(follower.heard).toEqual(expected.slice(0, follower.heard.length))
  expect(await b.end('SIGTERM')).toBe(0)
  await expectWhole(await openManager(dataDir))
})

/** Holds its answer to "hold on" for ever. */
async function heldProvider(): Promise<ScriptedProvider> {
  const provider = await startScriptedProvider(({ body }) => {
    const isHeld = JSON.stringify(body.messages).endsWith('hold on"}]')
    return isHeld ? { text: ['Wait', ' for it'], before: () => new Promise(() => {}) } : { text: ['Yes'] }
  })
  onTestFinished(() => provider.close())
  return provider
}

function configFile(dataDir: string, { baseUrl }: ScriptedProvider): string {
  const path = join(dataDir, 'arawn.toml')
  writeFileSync(
    path,
    `[llm_profiles.test]\nprovider = "openai-compatible"\nbase_url = "${baseUrl}"\nmodel = "scripted"\n`,
  )
  return path
}

interface Answer {
  readonly status: number
  readonly replayed: string | null
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly json: any
}

async function ask(
  { url }: ServerProcess,
  path: string,
  { body, headers = {} }: { body: unknown; headers?: Record<string, string> },
): Promise<Answer> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, replayed: answer.headers.get('idempotent-replayed'), json: await answer.json() }
}
