// Opens the product on a data dir, as the command line does.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'

/** @param worker whether a thread may help to build an index anew */
export async function openManager(dataDir, { turns, context, recall, worker = false } = {}) {
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
    { log, index, clock: systemClock, ids: typeIds, turns, ...(worker && { analysisWorker }) },
    { sessionTimeoutMs: 30 * 60_000, lockTimeoutMs: 600_000, context, recall },
  )
}

const analysisWorker = new URL(import.meta.resolve('@arawn/manager/analysis-worker'))

export function makeDataDir() {
  const dir = mkdtempSync(join(tmpdir(), 'arawn-bench-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
