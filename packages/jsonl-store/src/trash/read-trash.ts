import { errnoOf } from '@arawn/core/error'
import type { FileSystem, OpenFile } from '@arawn/core/file-system'
import type { RawLine } from '@arawn/core/log-store'
import type { LogName } from '@arawn/core/record'
import type { Calls } from '../calls/calls.js'
import { readFailed } from '../errors/log-failures.js'
import type { LogAddress } from '../paths/workstream-path.js'
import { reading } from '../read/hold-log.js'
import { readLines } from '../read/line-reader.js'
import type { Trash } from './trash.js'

export interface ReadTrashParts {
  readonly calls: Calls
  readonly fileSystem: FileSystem
  readonly trash: Trash
}

/** Reads a log of a workstream in the trash. What is taken out or deleted meanwhile is read to its end. */
export async function* readTrash(
  { calls, fileSystem, trash }: ReadTrashParts,
  name: string,
  log: LogName,
): AsyncGenerator<readonly RawLine[], void> {
  const entry = await calls.run(async () => trash.find(name))
  if (entry === undefined) return
  const address = { workstreamId: entry.workstreamId, log }
  const file = open(fileSystem, trash.log(name, log), address)
  if (file === undefined) return
  try {
    const lines = readLines(file, 0, file.stat().sizeBytes)
    for (;;) {
      const batch = await calls.run(() => reading(address, () => lines.next()))
      if (batch.done === true) return
      yield batch.value
    }
  } finally {
    file.close()
  }
}

function open(fileSystem: FileSystem, location: string, address: LogAddress): OpenFile | undefined {
  try {
    return fileSystem.open(location, 'read')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw readFailed(address, errnoOf(error), error)
  }
}
