import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { allMessages, expectWhole, openManager } from './opened.js'
import { processScript } from './process-script.js'
import { tempDataDir } from './temp-data-dir.js'

const WRITERS = 4
const KILLS = 60

interface Ack {
  workstream: string
  id: string
  name: string
  count: number
}

it('kill -9 at any moment loses nothing that was acknowledged', { timeout: 180_000 }, async () => {
  const dataDir = tempDataDir()
  const first = await openManager(dataDir)
  for (const id of ['alpha', 'beta', 'gamma']) await first.createWorkstream({ id })
  await first.sendMessage({ content: 'scratch is there' })

  await killAndRestart(dataDir)
  const acks = readdirSync(dataDir)
    .filter((name) => name.endsWith('.acks'))
    .flatMap((name) => readAcks(join(dataDir, name)))
  console.log(`${acks.length} acknowledged messages`)
  expect(acks.length).toBeGreaterThan(500)

  const manager = await openManager(dataDir)
  for (const workstream of ['alpha', 'beta', 'gamma', 'scratch']) {
    const messages = await allMessages(manager, workstream)
    const places = new Map<string, number[]>()
    for (const { id, sequence } of messages) places.set(id, [...(places.get(id) ?? []), sequence])
    const last = new Map<string, number>()
    for (const { id, name } of acks.filter((ack) => ack.workstream === workstream)) {
      const found = places.get(id) ?? []
      expect(found, `${id} of ${name} in ${workstream}`).toHaveLength(1)
      const [sequence = 0] = found
      expect(sequence, `${id} comes after what ${name} sent before`).toBeGreaterThan(last.get(name) ?? 0)
      last.set(name, sequence)
    }
    const { items } = await manager.listSessions(workstream, { limit: 1_000, newestFirst: true })
    expect(items.filter(({ status }) => status === 'active').length).toBeLessThanOrEqual(1)
    await manager.sendMessage({ workstream, content: 'and on' })
  }

  expectWholeLines(dataDir)
  await expectWhole(manager)
})

async function killAndRestart(dataDir: string): Promise<void> {
  let started = 0
  const running = new Set<ChildProcess>()
  onTestFinished(() => {
    for (const child of running) child.kill('SIGKILL')
  })
  async function keepOne(): Promise<void> {
    while (started < KILLS) {
      const name = `w${started++}`
      const child = fork(processScript('writer'), [dataDir, join(dataDir, `${name}.acks`), name], {
        stdio: 'inherit',
        execArgv: [],
      })
      running.add(child)
      const ended = once(child, 'exit')
      // Some die while they start, the others while they write, however slow the machine is.
      if (started % 4 !== 0)
        await Promise.race([ended, once(child, 'message'), sleep(10_000, undefined, { ref: false })])
      await Promise.race([ended, sleep(Math.random() * 1_200, undefined, { ref: false })])
      expect(child.exitCode, 'a writer ended by itself').toBe(null)
      child.kill('SIGKILL')
      await ended
      running.delete(child)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, keepOne))
}

/** The last line may be torn: its writer was killed while it noted it. */
function readAcks(file: string): Ack[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function expectWholeLines(dataDir: string): void {
  const stamps = new Set<number>()
  for (const id of readdirSync(join(dataDir, 'workstreams')).filter((name) => !name.startsWith('.')))
    for (const log of ['workstream', 'sessions', 'messages']) {
      const file = join(dataDir, 'workstreams', id, `${log}.jsonl`)
      if (!existsSync(file)) continue
      const text = readFileSync(file, 'utf8')
      expect(text === '' || text.endsWith('\n'), `${file} ends with a whole line`).toBe(true)
      let last = 0
      for (const line of text.split('\n').slice(0, -1)) {
        const { stamp } = JSON.parse(line)
        expect(stamp, `stamps of ${file} grow`).toBeGreaterThan(last)
        expect(stamps.has(stamp), `stamp ${stamp} was given once`).toBe(false)
        stamps.add(stamp)
        last = stamp
      }
    }
}
