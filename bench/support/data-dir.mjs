// Opens the product on a data dir, as the command line does.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'

export async function openManager(dataDir, { turns, context, recall } = {}) {
  const log = await openJsonlLogStore(
    {
      workstreamsDir: join(dataDir, 'workstreams'),
      quarantineDir: join(dataDir, 'quarantine'),
      trashDir: join(dataDir, 'trash'),
    },
    { durability: 'strict' },
  )
  const index = await openSqliteIndex({ path: join(dataDir, 'index.db') })
  return createWorkstreamManager(
    { log, index, clock: systemClock, ids: typeIds, turns },
    { sessionTimeoutMs: 30 * 60_000, lockTimeoutMs: 600_000, context, recall },
  )
}

export function makeDataDir() {
  const dir = mkdtempSync(join(tmpdir(), 'arawn-bench-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
