import { expect, it } from 'vitest'
import { dieAtEachChange } from './die-at-each-change.js'
import { expectWhole, openManager } from './opened.js'
import { answering } from './processes/scripted-models.mjs'
import { tempDataDir } from './temp-data-dir.js'

const SESSIONS = 3
const MESSAGES = 40

async function goOn(dataDir: string): Promise<void> {
  const models = answering()
  const manager = await openManager(dataDir, models)
  const before = await manager.listSummaries('a', { all: true })
  await manager.compress('a')
  const all = await manager.listSummaries('a', { all: true })
  // What was made is not made again, and in the end it is as if nobody had died.
  expect(all.slice(0, before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  expect(all.filter(({ kind }) => kind === 'session')).toHaveLength(SESSIONS)
  const keys = all.map(({ receipt }) => receipt?.key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(await manager.listSummaries('a')).toMatchObject([{ kind: 'workstream', coverage: [[1, SESSIONS * MESSAGES]] }])
  expect(await manager.compress('a')).toMatchObject({ made: [], left: [] })
  const turn = await manager.chat({ workstream: 'a', content: 'And now?' })
  expect(await turn.ended).toMatchObject({ status: 'ok' })
  await expectWhole(manager)
  await manager.close()
}

it('a compression whose process is killed at any change of the disk goes on where it was', {
  timeout: 300_000,
}, async () => {
  const template = tempDataDir()
  const first = await openManager(template)
  await first.createWorkstream({ id: 'a', title: 'A' })
  for (let session = 0; session < SESSIONS; session++) {
    for (let n = 0; n < MESSAGES; n++)
      await first.sendMessage({
        workstream: 'a',
        content: `In step ${session}.${n} we keep src/part-${n}.ts, because run ${n} failed with E${n} after ${n} ms.`,
      })
    await first.endSession('a')
  }
  await first.close()
  expect(await dieAtEachChange(template, 'compressor.mjs', [], goOn)).toBeGreaterThan(5)
})
