import { join } from 'node:path'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Message } from '@arawn/core/message'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openRunLocks } from '@arawn/jsonl-store/run-locks'
import { createWorkstreamManager, type ManagerPolicy, type TurnPorts } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { expect, onTestFinished } from 'vitest'

export async function openManager(
  dataDir: string,
  models?: LanguageModels & Pick<TurnPorts, 'counter'>,
  compression?: ManagerPolicy['compression'],
  embedders?: TurnPorts['embedders'],
): Promise<WorkstreamManager> {
  const log = await openJsonlLogStore(
    {
      workstreamsDir: join(dataDir, 'workstreams'),
      quarantineDir: join(dataDir, 'quarantine'),
      trashDir: join(dataDir, 'trash'),
    },
    { durability: 'strict' },
  )
  const index = await openSqliteIndex({ path: join(dataDir, 'index.db') })
  const turns = models && {
    models,
    embedders,
    owners: openRunLocks({ directory: join(dataDir, 'run'), ids: typeIds }),
    counter: models.counter,
  }
  const manager = createWorkstreamManager(
    { log, index, clock: systemClock, ids: typeIds, turns },
    {
      sessionTimeoutMs: 30 * 60_000,
      lockTimeoutMs: 15_000,
      compression,
      recall: { embeddingModel: embedders === undefined ? null : 'embedder' },
    },
  )
  onTestFinished(() => manager.close())
  return manager
}

export async function allMessages(manager: WorkstreamManager, workstream: string): Promise<Message[]> {
  const messages: Message[] = []
  for (let after = 0, more = true; more; ) {
    const page = await manager.listMessages(workstream, { after, limit: 1_000 })
    messages.push(...page.items)
    after = page.items.at(-1)?.sequence ?? after
    more = page.hasNewer
  }
  return messages
}

async function dumpOf(manager: WorkstreamManager): Promise<string> {
  const rows: string[] = []
  for await (const row of manager.dumpIndex()) rows.push(row)
  return rows.join('\n')
}

/** Nothing is wrong with logs and index, and the index is what the logs make. */
export async function expectWhole(manager: WorkstreamManager): Promise<void> {
  expect((await manager.verify()).problems).toEqual([])
  const live = await dumpOf(manager)
  await manager.rebuildIndex()
  expect(await dumpOf(manager)).toBe(live)
}
