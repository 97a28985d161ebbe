import type { FileSystem } from '@arawn/core/file-system'
import type { WorkstreamId } from '@arawn/core/id'
import type { RestoredLine } from '@arawn/core/log-store'
import type { LogName } from '@arawn/core/record'
import type { Calls } from '../calls/calls.js'
import { writeFailed } from '../errors/log-failures.js'
import { createLogCopy, type LogCopy } from './log-copy.js'

export interface WriteLogsParts {
  readonly calls: Calls
  readonly fileSystem: FileSystem
}

/** Which workstream, and the folder to make for its logs. */
export interface RestoreTarget {
  readonly workstreamId: WorkstreamId
  readonly folder: string
}

/**
 * Makes a folder with the logs that have a line. All of it is on disk afterwards, apart from the folder's own name.
 *
 * @returns how many logs have one
 */
export async function writeLogs(
  { calls, fileSystem }: WriteLogsParts,
  { workstreamId, folder }: RestoreTarget,
  lines: AsyncIterable<RestoredLine>,
): Promise<number> {
  const copies = new Map<LogName, LogCopy>()
  makeFolder(fileSystem, { workstreamId, folder })
  try {
    for await (const { log, bytes } of lines) {
      calls.check()
      const copy = copies.get(log) ?? createLogCopy(fileSystem, folder, { workstreamId, log })
      copies.set(log, copy)
      copy.add(bytes)
    }
    await syncAll([...copies.values()])
  } finally {
    for (const copy of copies.values()) copy.close()
  }
  if (copies.size > 0) await syncFolder(fileSystem, { workstreamId, folder })
  return copies.size
}

function makeFolder(fileSystem: FileSystem, { workstreamId, folder }: RestoreTarget): void {
  try {
    fileSystem.makeDirectory(folder)
  } catch (cause) {
    throw writeFailed({ workstreamId, log: 'workstream' }, 'create', cause)
  }
}

/** Resolves once every sync has ended, so that nothing is closed under one that still runs. */
async function syncAll(copies: readonly LogCopy[]): Promise<void> {
  const outcomes = await Promise.allSettled(copies.map((copy) => copy.sync()))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

async function syncFolder(fileSystem: FileSystem, { workstreamId, folder }: RestoreTarget): Promise<void> {
  try {
    await fileSystem.syncDirectory(folder)
  } catch (cause) {
    throw writeFailed({ workstreamId, log: 'workstream' }, 'sync', cause)
  }
}
