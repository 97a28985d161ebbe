import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openManager } from './processes/open-manager.mjs'

/**
 * What one command does: opens, sends one message, closes.
 *
 * @returns the longest wait for the write lock: how long, and how many bytes others wrote to a busy workstream meanwhile
 */
export async function sendOnce(
  dataDir: string,
  workstream: string,
  content: string,
  busy: string,
): Promise<{ waitedMs: number; passedBytes: number }> {
  const busyBytes = () => statSync(join(dataDir, 'workstreams', busy, 'messages.jsonl')).size
  const longest = { waitedMs: 0, passedBytes: 0 }
  const manager = await openManager(dataDir, {
    watchLock: async (wait) => {
      const [startedMs, startedBytes] = [performance.now(), busyBytes()]
      const writer = await wait()
      longest.waitedMs = Math.max(longest.waitedMs, performance.now() - startedMs)
      longest.passedBytes = Math.max(longest.passedBytes, busyBytes() - startedBytes)
      return writer
    },
  })
  await manager.sendMessage({ workstream, content })
  await manager.close()
  return longest
}
