import { readdirSync } from 'node:fs'
import type { RestoredLine } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { type FaultyFileSystem, type FileSystemCall, faultyOperations } from '@arawn/testkit/faulty-file-system'
import type { TestDir } from './open-store.js'

/** Lines of all three logs; those of messages take several writes. */
export const lines: readonly RestoredLine[] = [
  ...logNames.map((log) => ({ log, bytes: Buffer.from(`first of ${log}`) })),
  ...['a', 'b', 'c', 'd'].map((letter) => ({ log: 'messages' as const, bytes: Buffer.alloc(700_000, letter) })),
  ...logNames.map((log) => ({ log, bytes: Buffer.from(`last of ${log}`) })),
]

/** What `TestDir.snapshot` gives once they are there. */
export const whole: Readonly<Record<string, string>> = Object.fromEntries(
  logNames.map((log) => [
    `a/${log}.jsonl`,
    lines
      .filter((line) => line.log === log)
      .map(({ bytes }) => `${Buffer.from(bytes).toString('latin1')}\n`)
      .join(''),
  ]),
)

/** Names of everything in `workstreams/` that is neither a lock nor the mark. */
export function foldersIn(dir: TestDir): string[] {
  const known = /^\.(lock|lock-queue|unindexed)(-\w+)?$/
  return readdirSync(dir.workstreamsDir).filter((name) => !known.test(name))
}

/**
 * From the nth of these calls on, nothing works any more. What is on disk then is what a process leaves that dies there.
 *
 * @param calls those of a run in which everything works
 */
export function stopAt(fileSystem: FaultyFileSystem, calls: readonly FileSystemCall[], nth: number): void {
  for (const operation of faultyOperations) {
    const before = calls.slice(0, nth).filter((call) => call.operation === operation).length
    fileSystem.inject({ operation, nth: before + 1, times: Number.POSITIVE_INFINITY, errno: 'EIO' })
  }
}
