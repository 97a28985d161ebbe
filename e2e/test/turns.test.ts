import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { allMessages, dumpOf, openManager } from './opened.js'
import { answering } from './processes/scripted-models.mjs'
import { tempDataDir } from './temp-data-dir.js'

const turner = fileURLToPath(new URL('processes/turner.mjs', import.meta.url))
const AT_ONCE = 4
const whole = ['Umbrella?', 'Let me see.', '', 'rain', 'Take one.']

/** @returns how the turn ended, or undefined when its process died before */
async function runTurn(dataDir: string, dieAt: number): Promise<string | undefined> {
  const child = fork(turner, [dataDir, String(dieAt)], { execArgv: [] })
  let status: string | undefined
  child.on('message', (message: { status: string }) => (status = message.status))
  const [code, signal] = await once(child, 'exit')
  if (signal !== 'SIGKILL') expect(code).toBe(0)
  return status
}

async function dieAndGoOn(template: string, dieAt: number): Promise<boolean> {
  const dataDir = tempDataDir()
  cpSync(template, dataDir, { recursive: true })
  const status = await runTurn(dataDir, dieAt)
  const models = answering()
  const manager = await openManager(dataDir, models)
  const left = (await allMessages(manager, 'a')).map(({ content }) => content)
  // What is there is how it began; nothing is there twice.
  expect(left.slice(0, 1), `dead at ${dieAt}`).toEqual(['before'])
  expect(left.slice(1)).toEqual(whole.slice(0, left.length - 1))
  if (status !== undefined) expect(left.length).toBe(1 + whole.length)

  await manager.endDeadTurns()
  const turn = await manager.chat({ workstream: 'a', content: 'And now?' })
  expect(await turn.ended).toMatchObject({ status: 'ok' })
  const sent = JSON.stringify(models.requests[0]?.messages)
  for (const content of left) expect(sent).toContain(content)
  const after = (await allMessages(manager, 'a')).map(({ content }) => content)
  expect(after).toEqual([...left, 'And now?', 'Let me see.'])
  expect((await manager.verify()).problems).toEqual([])
  const live = await dumpOf(manager)
  await manager.rebuildIndex()
  expect(await dumpOf(manager)).toBe(live)
  await manager.close()
  return status !== undefined
}

it('a turn whose process is killed at any change of the disk is there as far as it came, and the next one runs', {
  timeout: 300_000,
}, async () => {
  const template = tempDataDir()
  const first = await openManager(template)
  await first.createWorkstream({ id: 'a', title: 'A' })
  await first.sendMessage({ workstream: 'a', content: 'before' })
  await first.close()

  let deaths = 0
  for (let dieAt = 1, through = false; !through; dieAt += AT_ONCE) {
    const steps = Array.from({ length: AT_ONCE }, (_, n) => dieAndGoOn(template, dieAt + n))
    const cameThrough = await Promise.all(steps)
    deaths += cameThrough.filter((came) => !came).length
    through = cameThrough.some((came) => came)
  }
  console.log(`killed at ${deaths} steps`)
  expect(deaths).toBeGreaterThan(10)
})
