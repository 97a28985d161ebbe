import { cpSync } from 'node:fs'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { expect, it } from 'vitest'
import { dieAtEachChange } from './die-at-each-change.js'
import { allMessages, expectWhole, openManager } from './opened.js'
import { operations } from './processes/operations.mjs'
import { tempDataDir } from './temp-data-dir.js'

/** Every workstream by its title, with what it says, and how much lies in the trash. */
async function seen(manager: WorkstreamManager): Promise<Record<string, unknown>> {
  const { items } = await manager.listWorkstreams({ state: 'all', limit: 100 })
  const said: Record<string, unknown> = { trash: (await manager.listTrash()).length }
  for (const { id, title } of items) said[title ?? id] = (await allMessages(manager, id)).map(({ content }) => content)
  return said
}

async function template(): Promise<string> {
  const dir = tempDataDir()
  const manager = await openManager(dir)
  await manager.createWorkstream({ id: 'a', title: 'A' })
  for (const workstream of ['a', 'scratch'])
    for (const n of [1, 2, 3]) await manager.sendMessage({ workstream, content: `${workstream} ${n}` })
  await manager.close()
  return dir
}

it.each(Object.entries(operations))(
  '%s is done or not done when its process is killed at any change of the disk',
  {
    timeout: 300_000,
  },
  async (name, operate) => {
    const dir = await template()
    const whole = tempDataDir()
    cpSync(dir, whole, { recursive: true })
    const first = await openManager(whole)
    const before = await seen(first)
    await operate(first)
    const after = await seen(first)
    await first.close()
    expect(after).not.toEqual(before)

    const deaths = await dieAtEachChange(dir, 'operator.mjs', [name], async (dataDir, told) => {
      const manager = await openManager(dataDir)
      const left = await seen(manager)
      if (told !== undefined) expect(left).toEqual(after)
      // A long import goes in piece by piece, from its beginning; whatever is there stays, and asking again adds the rest.
      else if (name === 'import')
        expect(after).toMatchObject({ ...left, Imported: expect.arrayContaining((left.Imported ?? []) as unknown[]) })
      else expect([before, after]).toContainEqual(left)
      if (name === 'import') await operate(manager)
      if (name === 'import') expect(await seen(manager)).toEqual(after)
      await expectWhole(manager)
      await manager.close()
    })
    expect(deaths).toBeGreaterThan(2)
  },
)
