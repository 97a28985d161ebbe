import { dirname, join, resolve } from 'node:path'
import type { Settings } from '@arawn/config/load-settings'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import type { Logger } from '@arawn/core/logger'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import type { WorkstreamManager } from '@arawn/manager/workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'

// A command waits for others this long before it gives up: longer than any commit, shorter than a person's patience.
const LOCK_TIMEOUT_MS = 15_000

/** The only place that names adapters. */
export async function openManager({ dataDir, workstreams }: Settings, logger: Logger): Promise<WorkstreamManager> {
  const log = await openJsonlLogStore(
    {
      workstreamsDir: workstreams.storagePath,
      quarantineDir: join(dataDir, 'quarantine'),
      trashDir: trashBeside(workstreams.storagePath, dataDir),
      logger,
    },
    { durability: workstreams.durability },
  )
  const index = await openSqliteIndex({ path: join(dataDir, 'index.db'), logger }).catch(async (error: unknown) => {
    await log.close()
    throw error
  })
  return createWorkstreamManager(
    { log, index, clock: systemClock, ids: typeIds, logger },
    { sessionTimeoutMs: workstreams.sessionTimeoutMinutes * 60_000, lockTimeoutMs: LOCK_TIMEOUT_MS },
  )
}

/** A folder is moved to the trash in one piece, so both lie on one file system: that of the logs. */
function trashBeside(storagePath: string, dataDir: string): string {
  const isInDataDir = dirname(resolve(storagePath)) === resolve(dataDir)
  return isInDataDir ? join(dataDir, 'trash') : join(storagePath, '.trash')
}
