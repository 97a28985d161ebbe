import { typeIds } from '@arawn/core/id'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { nodeFileSystem } from '@arawn/jsonl-store/node-file-system'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { contentsOf, expectLevelWithLogs } from './manager-steps.js'
import { type DataDir, testDir } from './open-manager.js'

/** A disk that cannot say which files there are, once, after the next sync of a path. */
function forgetfulFileSystem() {
  let armed = false
  const wanted = { path: '' }
  const fileSystem = {
    ...nodeFileSystem,
    linkStat(path: string) {
      if (armed) {
        armed = false
        throw Object.assign(new Error('EIO on purpose'), { code: 'EIO' })
      }
      return nodeFileSystem.linkStat(path)
    },
    open(path: string, mode: 'append' | 'read') {
      const file = nodeFileSystem.open(path, mode)
      const arm = () => {
        if (wanted.path === '' || !path.endsWith(wanted.path)) return
        wanted.path = ''
        armed = true
      }
      return {
        stat: () => file.stat(),
        write: (bytes: Uint8Array) => file.write(bytes),
        read: (into: Uint8Array, position: number) => file.read(into, position),
        readSync: (into: Uint8Array, position: number) => file.readSync(into, position),
        truncate: (size: number) => file.truncate(size),
        sync: async () => {
          await file.sync()
          arm()
        },
        close: () => file.close(),
      }
    },
  }
  return { fileSystem, failAfterSyncOf: (path: string) => Object.assign(wanted, { path }) }
}

/** A handle whose next rows cannot be made when many of them are due at once. */
async function openWithTroubledIndex(
  dir: DataDir,
): Promise<{ manager: WorkstreamManager; fail: () => void; failToEnd: () => void }> {
  let failing = false
  let endings = 0
  const end = (ending: () => Promise<void>) => async () => {
    if (endings-- <= 0) return ending()
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' })
  }
  const index = await openSqliteIndex({ path: dir.indexPath })
  // On a slow disk the groups would not share a commit.
  const log = await openJsonlLogStore(dir, { durability: 'relaxed' })
  const troubled = {
    ...index,
    begin: async () => {
      const transaction = await index.begin()
      return {
        ...transaction,
        commit: end(transaction.commit),
        rollback: end(transaction.rollback),
        apply: async (...[id, lines]: Parameters<typeof transaction.apply>) => {
          if (failing && lines.length >= 64) {
            failing = false
            throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
          }
          return transaction.apply(id, lines)
        },
      }
    },
  }

  const manager = createWorkstreamManager(
    { log, index: troubled, clock: dir.clock, ids: typeIds, logger: dir.logger },
    { sessionTimeoutMs: 30 * 60_000, lockTimeoutMs: 20_000 },
  )
  onTestFinished(() => manager.close())
  return {
    manager,
    fail: () => {
      failing = true
    },
    failToEnd: () => {
      endings = 2
    },
  }
}

describe('trouble once the lines are on disk', () => {
  it('fails nobody and appends nothing twice when the new files cannot be looked at', async () => {
    const dir = testDir()
    const { fileSystem, failAfterSyncOf } = forgetfulFileSystem()
    const manager = await dir.open({ fileSystem })
    await manager.createWorkstream({ id: 'a' })
    failAfterSyncOf('a/messages.jsonl')
    await Promise.all(['one', 'two'].map((content) => manager.sendMessage({ workstream: 'a', content })))
    expect(dir.recordsOf('a', 'messages').map(({ content }) => content)).toEqual(['one', 'two'])
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two'])
    await expectLevelWithLogs(manager)
  })

  it('answers nobody from rows that lack some', async () => {
    const dir = testDir()
    const { manager, fail } = await openWithTroubledIndex(dir)
    await manager.createWorkstream({ id: 'a' })
    await manager.createWorkstream({ id: 'b' })
    await manager.listWorkstreams()
    fail()
    // However slow this machine is: the groups below share a commit.
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
    onTestFinished(() => now.mockRestore())
    // A session begins with many messages; their rows are made while the next group is appended.
    const many = Array.from({ length: 70 }, (_, n) => manager.sendMessage({ workstream: 'a', content: `${n}` }))
    const [first] = await Promise.all(many)
    await manager.sendMessage({ workstream: 'b', content: 'meanwhile' })
    expect(await manager.endSession('a')).toMatchObject({ id: first?.session_id, message_count: 70 })
    expect((await manager.listMessages('a', { limit: 1_000 })).items).toHaveLength(70)
    await expectLevelWithLogs(manager)
  })

  it('gives the lock back when rows can be neither committed nor taken back', async () => {
    const dir = testDir()
    const { manager, failToEnd } = await openWithTroubledIndex(dir)
    const other = await dir.open()
    await manager.createWorkstream({ id: 'a' })
    await manager.listWorkstreams()
    failToEnd()
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    expect(await contentsOf(manager, 'a')).toEqual(['one'])
    await other.sendMessage({ workstream: 'a', content: 'two' })
    expect(await contentsOf(manager, 'a')).toEqual(['one', 'two'])
    await expectLevelWithLogs(manager)
  })
})
