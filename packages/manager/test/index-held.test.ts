import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { expect, it, onTestFinished } from 'vitest'
import { contentsOf } from './manager-steps.js'
import { opened } from './open-manager.js'

it('somebody else who keeps the index locked is waited for once, not once for each sender', async () => {
  const { dir, manager } = await opened()
  await manager.createWorkstream({ id: 'a' })
  // Whoever reads waits for the rows.
  await manager.getWorkstream('a')
  const other = await openSqliteIndex({ path: dir.indexPath })
  onTestFinished(() => other.close())
  const held = await other.begin()
  const began = performance.now()
  const refused = await Promise.all(
    [1, 2, 3].map((n) => manager.sendMessage({ workstream: 'a', content: `${n}` }).catch((error: unknown) => error)),
  )
  for (const error of refused) expect(error).toMatchObject({ code: 'LOCK_TIMEOUT', details: { waitedMs: 5_000 } })
  expect(performance.now() - began).toBeLessThan(9_000)
  await held.rollback()
  await manager.sendMessage({ workstream: 'a', content: 'after' })
  expect(await contentsOf(manager, 'a')).toEqual(['after'])
})
