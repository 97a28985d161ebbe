import { existsSync, readdirSync } from 'node:fs'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import {
  createFaultyFileSystem,
  type FaultyFileSystem,
  type FileSystemCall,
  faultyOperations,
} from '@arawn/testkit/faulty-file-system'
import { failureOf } from '@arawn/testkit/log-store-steps'
import { describe, expect, it } from 'vitest'
import { everythingSeen, expectLevelWithLogs } from './manager-steps.js'
import { createDataDir, type DataDir } from './open-manager.js'

/** A move, and how to see that it took place. */
interface Move {
  readonly name: string
  readonly prepare?: (manager: WorkstreamManager) => Promise<unknown>
  readonly run: (manager: WorkstreamManager) => Promise<unknown>
}

const moves: Move[] = [
  { name: 'a purge', run: (manager) => manager.purgeWorkstream('a') },
  {
    name: 'a restore from the trash',
    prepare: (manager) => manager.purgeWorkstream('a'),
    run: (manager) => manager.restoreFromTrash('a'),
  },
  {
    name: 'emptying the trash',
    prepare: (manager) => manager.purgeWorkstream('a'),
    run: (manager) => manager.emptyTrash(),
  },
  { name: 'a fork', run: (manager) => manager.forkWorkstream('a', { id: 'f', title: 'F' }) },
]

/** `fails`: one call fails. `dies`: every call from there on does, also those that would clean up. */
const kinds = ['fails', 'dies'] as const

describe.each(moves)('$name', (move) => {
  it.each(kinds)(
    'is there as a whole or not at all, whichever call of the file system %s',
    { timeout: 120_000 },
    async (kind) => {
      const { calls, done } = await inFreshDir(async ({ manager, fileSystem }) => {
        const first = fileSystem.calls.length
        await move.run(manager)
        return { calls: fileSystem.calls.slice(first), done: withoutTimes(await seen(manager)) }
      })
      expect(calls.length).toBeGreaterThan(2)
      let undone = 0
      for (let nth = 0; nth < calls.length; nth += 1) {
        await inFreshDir(async ({ dir, manager, fileSystem }) => {
          const before = await seen(manager)
          injectAt(fileSystem, calls, { nth, lasts: kind === 'dies' })
          const failure = await failureOf(move.run(manager))
          fileSystem.heal()
          if (failure !== undefined) expect(failure).toBeInstanceOf(WorkstreamError)
          const where = `${calls[nth]?.operation} ${calls[nth]?.path}`
          const other = await dir.open()
          const after = await seen(other)
          if (kind === 'fails') expect(await seen(manager), where).toEqual(after)
          await expectLevelWithLogs(other)
          expect((await other.verify()).problems, where).toEqual([])
          if (failure === undefined) expect(after, where).not.toEqual(before)
          if (JSON.stringify(after) === JSON.stringify(before)) {
            undone += 1
            await move.run(other)
          }
          expect(withoutTimes(await seen(other)), where).toEqual(done)
          await other.repair()
          expect(leftovers(dir), where).toEqual([])
        })
      }
      expect(undone).toBeGreaterThan(0)
    },
  )

  async function inFreshDir<Result>(
    work: (scene: { dir: DataDir; manager: WorkstreamManager; fileSystem: FaultyFileSystem }) => Promise<Result>,
  ): Promise<Result> {
    const dir = createDataDir()
    try {
      const fileSystem = createFaultyFileSystem(nodeFileSystem)
      const manager = await dir.open({ fileSystem })
      await manager.createWorkstream({ id: 'a', title: 'A' })
      for (const content of ['one', 'two']) await manager.sendMessage({ workstream: 'a', content })
      await manager.createWorkstream({ id: 'b' })
      await move.prepare?.(manager)
      return await work({ dir, manager, fileSystem })
    } finally {
      await dir.dispose()
    }
  }
})

function injectAt(
  fileSystem: FaultyFileSystem,
  calls: readonly FileSystemCall[],
  { nth, lasts }: { nth: number; lasts: boolean },
): void {
  for (const operation of faultyOperations) {
    const before = calls.slice(0, nth).filter((call) => call.operation === operation).length
    if (!lasts && calls[nth]?.operation !== operation) continue
    fileSystem.inject({ operation, nth: before + 1, times: lasts ? 1_000_000 : 1, errno: 'EIO' })
  }
}

/** What a user sees: workstreams with all that is in them, and the trash. */
async function seen(manager: WorkstreamManager) {
  const trash = await manager.listTrash()
  return {
    seen: await everythingSeen(manager),
    trash: trash.map(({ workstreamId, bytes, title }) => ({ workstreamId, bytes, title })),
  }
}

/** Ids and stamps are drawn anew in each run. */
function withoutTimes(seenNow: Awaited<ReturnType<typeof seen>>): unknown {
  return JSON.parse(JSON.stringify(seenNow), (key, value) =>
    ['stamp', 'id', 'session_id', 'message_id', 'updated_at', 'last_activity_at', 'created_at'].includes(key) &&
    value !== 'a'
      ? undefined
      : value,
  )
}

function leftovers(dir: DataDir): string[] {
  return [dir.workstreamsDir, dir.trashDir]
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
    .filter((name) => /^\.(restoring|deleting)-/.test(name))
}
