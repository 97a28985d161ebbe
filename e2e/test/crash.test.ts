import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { killAndRestart } from './kill-and-restart.js'
import { allMessages, expectWhole, openManager } from './opened.js'
import { tempDataDir } from './temp-data-dir.js'

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

  const writers = { kills: 60, atOnce: 4, workMs: 1_200 }
  // Some die while they start, the others while they write, however slow the machine is.
  await killAndRestart(
    'writer.mjs',
    writers,
    (n) => [dataDir, join(dataDir, `w${n}.acks`), `w${n}`],
    (n) => n % 4 === 3,
  )
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
