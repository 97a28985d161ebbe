// Opens the built product on a data dir, as the command line does.
import { join } from 'node:path'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openRunLocks } from '@arawn/jsonl-store/run-locks'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'

/** @param watchLock is told how many milliseconds each wait for the write lock took */
export async function openManager(dataDir, { watchLock, fileSystem, models, compression } = {}) {
  const log = await openJsonlLogStore(
    {
      workstreamsDir: join(dataDir, 'workstreams'),
      quarantineDir: join(dataDir, 'quarantine'),
      trashDir: join(dataDir, 'trash'),
      fileSystem,
    },
    { durability: 'strict' },
  )
  const index = await openSqliteIndex({ path: join(dataDir, 'index.db') })
  const watched =
    watchLock === undefined
      ? log
      : {
          ...log,
          lock: async (timeoutMs) => {
            const started = performance.now()
            const writer = await log.lock(timeoutMs)
            watchLock(performance.now() - started)
            return writer
          },
        }
  const turns = models && {
    models,
    owners: openRunLocks({ directory: join(dataDir, 'run'), ids: typeIds }),
    counter: models.counter,
  }
  return createWorkstreamManager(
    { log: watched, index, clock: systemClock, ids: typeIds, turns },
    { sessionTimeoutMs: 30 * 60_000, lockTimeoutMs: 15_000, compression },
  )
}
