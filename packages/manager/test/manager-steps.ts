import type { RestoredLine } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { LocalWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { expect } from 'vitest'

/** The index as text. */
export async function dumpOf(manager: WorkstreamManager): Promise<string[]> {
  const rows: string[] = []
  for await (const row of manager.dumpIndex()) rows.push(row)
  return rows
}

/** What a user can see: every workstream, its sessions and its messages. */
export async function everythingSeen(manager: WorkstreamManager): Promise<unknown> {
  const { items } = await manager.listWorkstreams({ state: 'all', limit: 1_000 })
  const seen: unknown[] = []
  for (const { id } of items) {
    seen.push({
      workstream: await manager.getWorkstream(id),
      sessions: await manager.listSessions(id, { limit: 1_000 }),
      messages: await manager.listMessages(id, { limit: 1_000 }),
    })
  }
  return { list: items, seen }
}

/** Fails when the rows are not what the logs alone give. */
export async function expectLevelWithLogs(manager: WorkstreamManager): Promise<void> {
  const live = await dumpOf(manager)
  await manager.rebuildIndex()
  expect(live).toEqual(await dumpOf(manager))
}

/** A workstream as a native export has it. */
export async function* exportedLines(manager: LocalWorkstreamManager, reference: string): AsyncGenerator<RestoredLine> {
  const { lines } = await manager.exportLogs(reference)
  for (const log of logNames) for await (const bytes of lines(log)) yield { log, bytes }
}

/** What its messages say, oldest first. */
export async function contentsOf(manager: WorkstreamManager, reference: string): Promise<string[]> {
  const { items } = await manager.listMessages(reference, { limit: 1_000 })
  return items.map(({ content }) => content)
}
