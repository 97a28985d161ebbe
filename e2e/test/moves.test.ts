import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { killAndRestart } from './kill-and-restart.js'
import { allMessages, expectWhole, openManager } from './opened.js'
import { tempDataDir } from './temp-data-dir.js'

const MESSAGES = 400

it('kill -9 in the middle of forks, purges and restores leaves each done or not done', {
  timeout: 180_000,
}, async () => {
  const dataDir = tempDataDir()
  const first = await openManager(dataDir)
  await first.createWorkstream({ id: 'original', title: 'Original' })
  const sends = Array.from({ length: MESSAGES }, (_, n) =>
    first.sendMessage({ workstream: 'original', content: `${n} ${'x'.repeat(2_000)}` }),
  )
  const original = (await Promise.all(sends)).map(({ id }) => id)

  await killAndRestart('mover.mjs', { kills: 40, atOnce: 3, workMs: 400 }, () => [dataDir])

  const manager = await openManager(dataDir)
  // Whatever lies in the trash can be looked at as well, where its id is free.
  for (const { name } of await manager.listTrash())
    await manager.restoreFromTrash(name).catch((error) => expect(error).toMatchObject({ code: 'RESTORE_CONFLICT' }))
  const { items } = await manager.listWorkstreams({ state: 'all', limit: 1_000 })
  console.log(`${items.length} workstreams, ${(await manager.listTrash()).length} in the trash`)
  for (const { id, forked_from } of items) {
    const messages = await allMessages(manager, id)
    expect(
      messages.slice(0, MESSAGES).map((message) => message.id),
      id,
    ).toEqual(original)
    expect(messages.slice(MESSAGES).every(({ content }) => content === 'on')).toBe(true)
    if (id !== 'original') expect(forked_from).toEqual({ workstream_id: 'original', message_id: original.at(-1) })
  }

  const { report } = await manager.repair()
  expect(report.problems).toEqual([])
  await expectWhole(manager)
  for (const folder of ['workstreams', 'trash'])
    expect(namesIn(join(dataDir, folder)).filter((name) => /^\.(restoring|deleting)-/.test(name))).toEqual([])
})

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
