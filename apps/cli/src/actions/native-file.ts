import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import type { Workstream } from '@arawn/core/workstream'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { unreadable } from './unreadable.js'

const BEGINNING = '{"format":"arawn-native"'
const PIECE_BYTES = 1 << 20

export function isNativeExport(file: string): boolean {
  return beginningOf(file) === BEGINNING
}

/** Puts back what a native export in a file holds. @throws IMPORT_UNREADABLE */
export async function restoreNative(manager: WorkstreamManager, file: string): Promise<Workstream> {
  // Says what is wrong with the file before it is read as a stream, which cannot.
  beginningOf(file)
  return manager.importNative({ bytes: () => createReadStream(file, { highWaterMark: PIECE_BYTES }), name: file })
}

/** Its bytes may be no text at all: then it begins with something else. */
function beginningOf(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const head = Buffer.alloc(BEGINNING.length)
      return head.toString('latin1', 0, readSync(descriptor, head))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw unreadable(file, error)
  }
}
