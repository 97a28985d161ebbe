import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { logNames } from '@arawn/core/record'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { describe, expect, it } from 'vitest'
import { contentsOf, dumpOf, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

const contents = ['first', 'second', 'ä 🦆', 'last']
const timestamp = '2026-01-15T10:00:00Z'
const line = (record: object) => `${JSON.stringify(record)}\n`

interface Cut {
  /** A workstream of its own: a copy whose messages are cut after so many bytes. */
  readonly id: string
  readonly bytes: number
  /** Where its whole lines end. */
  readonly wholeBytes: number
  readonly wholeLines: string[]
}

/**
 * One workstream for every place at which the last three of four lines can be cut; none is cut yet.
 *
 * @param step takes only one place in so many, and those beside the end of a line
 */
function manyCopies(step = 1): { dir: DataDir; bytes: Buffer; cuts: Cut[] } {
  const dir = testDir()
  dir.writeByHand('a', 'workstream', line({ v: 1, stamp: 1, type: 'workstream_created', timestamp, title: null }))
  dir.writeByHand('a', 'sessions', line({ v: 1, stamp: 2, type: 'session_opened', id: 's', timestamp }))
  contents.forEach((content, n) => {
    dir.appendByHand(
      'a',
      'messages',
      line({ v: 1, stamp: 3 + n, id: `m${n}`, session_id: 's', timestamp, role: 'user', content }),
    )
  })
  const bytes = readFileSync(dir.log('a', 'messages'))
  const lineEnds = [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1)
  const first = lineEnds[0] ?? 0
  const all = Array.from({ length: bytes.byteLength - first + 1 }, (_, n) => first + n)
  const places = all.filter((at) => at % step === 0 || lineEnds.some((end) => Math.abs(end - at) <= 1))
  const cuts = places.map((at): Cut => {
    const whole = lineEnds.filter((end) => end <= at)
    return { id: `cut-${at}`, bytes: at, wholeBytes: whole.at(-1) ?? 0, wholeLines: contents.slice(0, whole.length) }
  })
  for (const { id } of cuts) for (const name of logNames) dir.writeByHand(id, name, readFileSync(dir.log('a', name)))
  return { dir, bytes, cuts }
}

const cutAll = (dir: DataDir, cuts: readonly Cut[]) => {
  for (const { id, bytes } of cuts) truncateSync(dir.log(id, 'messages'), bytes)
}

const sendToAll = (manager: WorkstreamManager, cuts: readonly Cut[], content: string) =>
  Promise.all(cuts.map(({ id }) => manager.sendMessage({ workstream: id, content })))

async function expectContents(manager: WorkstreamManager, cuts: readonly Cut[], ...added: string[]): Promise<void> {
  const found = await Promise.all(cuts.map(async ({ id }) => [id, await contentsOf(manager, id)]))
  expect(found).toEqual(cuts.map(({ id, wholeLines }) => [id, [...wholeLines, ...added]]))
}

function expectNothingGlued(dir: DataDir, bytes: Buffer, cuts: readonly Cut[], added: number): void {
  for (const { id, wholeBytes } of cuts) {
    const now = readFileSync(dir.log(id, 'messages'))
    expect(now.subarray(0, wholeBytes).equals(bytes.subarray(0, wholeBytes)), id).toBe(true)
    const lines = now.subarray(wholeBytes).toString().split('\n')
    expect(lines, id).toHaveLength(added + 1)
    expect(lines.pop(), id).toBe('')
    for (const line of lines) expect(JSON.parse(line), id).toMatchObject({ v: 1 })
  }
}

/** Every byte that was cut off lies there, and nothing else. */
async function expectQuarantined(manager: WorkstreamManager, bytes: Buffer, cuts: readonly Cut[]): Promise<void> {
  const { quarantine } = await manager.verify()
  const torn = cuts.filter((cut) => cut.bytes > cut.wholeBytes)
  expect(quarantine.map(({ workstreamId }) => workstreamId).sort()).toEqual(torn.map(({ id }) => id).sort())
  for (const { workstreamId, offset, location } of quarantine) {
    const cut = torn.find(({ id }) => id === workstreamId)
    expect(offset).toBe(cut?.wholeBytes)
    expect(readFileSync(location).equals(bytes.subarray(offset, cut?.bytes)), workstreamId).toBe(true)
  }
}

describe('a messages log that was cut', () => {
  it('holds exactly its whole lines when it is opened again, wherever it was cut', async () => {
    const { dir, bytes, cuts } = manyCopies()
    const before = await dir.open()
    expect((await before.listWorkstreams({ limit: 1_000 })).items).toHaveLength(cuts.length + 1)
    await before.close()
    cutAll(dir, cuts)
    const manager = await dir.open()
    await expectContents(manager, cuts)
    const sent = await sendToAll(manager, cuts, 'after')
    expect(sent.map(({ sequence }) => sequence)).toEqual(cuts.map(({ wholeLines }) => wholeLines.length + 1))
    await expectContents(manager, cuts, 'after')
    expectNothingGlued(dir, bytes, cuts, 1)
    await expectQuarantined(manager, bytes, cuts)
    await expectLevelWithLogs(manager)
  })

  it('is repaired by a send before anything was read', async () => {
    const { dir, bytes, cuts } = manyCopies(7)
    cutAll(dir, cuts)
    const manager = await dir.open()
    await sendToAll(manager, cuts, 'at once')
    await expectContents(manager, cuts, 'at once')
    expectNothingGlued(dir, bytes, cuts, 1)
    await expectQuarantined(manager, bytes, cuts)
    await expectLevelWithLogs(manager)
  })

  it('goes on under two handles that have it open, cut at one place in four and wherever a line ends', async () => {
    const { dir, bytes, cuts } = manyCopies(4)
    const [one, other] = [await dir.open(), await dir.open()]
    await sendToAll(one, cuts, 'before the cut')
    const found = await Promise.all(cuts.map(({ id }) => contentsOf(other, id)))
    expect(new Set(found.map((seen) => seen.join()))).toEqual(new Set([[...contents, 'before the cut'].join()]))
    cutAll(dir, cuts)
    await expectContents(other, cuts)
    await sendToAll(one, cuts, 'one')
    await sendToAll(other, cuts, 'other')
    await expectContents(one, cuts, 'one', 'other')
    await expectContents(other, cuts, 'one', 'other')
    expectNothingGlued(dir, bytes, cuts, 2)
    await expectQuarantined(one, bytes, cuts)
    expect(await dumpOf(one)).toEqual(await dumpOf(other))
    await expectLevelWithLogs(one)
  })
})

describe('a sessions log that was cut', () => {
  it('implies the session that messages speak of, and a send opens another one', async () => {
    const dir = testDir()
    const before = await dir.open()
    await before.createWorkstream({ id: 'a', title: 'A' })
    for (const content of contents) await before.sendMessage({ workstream: 'a', content })
    await before.close()
    writeFileSync(dir.log('a', 'sessions'), readFileSync(dir.log('a', 'sessions')).subarray(0, -1))
    const manager = await dir.open()
    const sent = await manager.sendMessage({ workstream: 'a', content: 'on we go' })
    expect(dir.quarantined()).toHaveLength(1)
    expect(await manager.getWorkstream('a')).toMatchObject({ active_session: { id: sent.session_id } })
    expect((await manager.listSessions('a')).items.map(({ message_count }) => message_count)).toEqual([4, 1])
    expect(await contentsOf(manager, 'a')).toEqual([...contents, 'on we go'])
    await expectLevelWithLogs(manager)
  })
})

describe('a tail that is there when the index first sees a log', () => {
  it('does not blur what the index keeps of the last line', async () => {
    const dir = testDir()
    const manager = await dir.open()
    dir.appendByHand('a', 'messages', `nonsense\n{"role":"user","content":"to`)
    await manager.getWorkstream('a')
    expect((await manager.verify()).problems).toEqual([])
    await expectLevelWithLogs(manager)
  })
})
