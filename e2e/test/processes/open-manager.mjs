// Opens the built product on a data dir, as the command line does.
import { join } from 'node:path'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openRunLocks } from '@arawn/jsonl-store/run-locks'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'

/** @param watchLock is given each wait for the write lock, and gives what it waited for */
export async function openManager(
  dataDir,
  { watchLock = (wait) => wait(), fileSystem, models, compression, embedders, recall } = {},
) {
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
  const watched = { ...log, lock: (timeoutMs) => watchLock(() => log.lock(timeoutMs)) }
  const turns = models && {
    models,
    embedders,
    owners: openRunLocks({ directory: join(dataDir, 'run'), ids: typeIds }),
    counter: models.counter,
  }
  return createWorkstreamManager(
    { log: watched, index, clock: systemClock, ids: typeIds, turns },
    { sessionTimeoutMs: 30 * 60_000, lockTimeoutMs: 15_000, compression, recall },
  )
}
