import type { FileSystem, OpenFile } from '@arawn/core/file-system'

export const faultyOperations = [
  'write',
  'sync',
  'truncate',
  'open',
  'read',
  'makeDirectory',
  'syncDirectory',
  'rename',
  'remove',
  'removeDirectory',
] as const
export type FaultyOperation = (typeof faultyOperations)[number]

/** What goes wrong, and when. */
export interface Fault {
  readonly operation: FaultyOperation
  /** Only calls for paths that end with this. */
  readonly path?: string
  /** Which of those calls it hits first, from now on; 1 is the next. */
  readonly nth?: number
  /** How many calls in a row. By default one. */
  readonly times?: number
  /** The call fails with this, for example `ENOSPC`. */
  readonly errno?: string
  /** A write takes only so many bytes. */
  readonly writesOnly?: number
  /** The call takes place only after this. */
  readonly after?: Promise<void>
}

export interface FileSystemCall {
  readonly operation: FaultyOperation
  /** Of a rename, the old one. */
  readonly path: string
  /** Of a write. */
  readonly bytes?: number
}

export interface FaultyFileSystem extends FileSystem {
  inject(fault: Fault): void
  /** From now on everything works again. */
  heal(): void
  /** Every call so far that a fault could hit, in order. */
  readonly calls: readonly FileSystemCall[]
}

/** A file system that fails on purpose, on top of one that works. */
export function createFaultyFileSystem(base: FileSystem): FaultyFileSystem {
  const calls: FileSystemCall[] = []
  let faults: { fault: Fault; seen: number }[] = []

  /** Notes a call and finds the fault that hits it; throws when that says so. */
  function enter(call: FileSystemCall): Fault | undefined {
    calls.push(call)
    let hit: Fault | undefined
    for (const state of faults) {
      const { operation, path = '', nth = 1, times = 1 } = state.fault
      if (operation !== call.operation || !call.path.endsWith(path)) continue
      state.seen += 1
      if (state.seen >= nth && state.seen < nth + times) hit ??= state.fault
    }
    if (hit?.errno !== undefined && hit.after === undefined) throw systemError(hit.errno, call)
    return hit
  }

  async function enterSlowly(call: FileSystemCall): Promise<void> {
    const hit = enter(call)
    await hit?.after
    if (hit?.errno !== undefined) throw systemError(hit.errno, call)
  }

  function wrap(file: OpenFile, path: string): OpenFile {
    return {
      stat: () => file.stat(),
      write(bytes) {
        const hit = enter({ operation: 'write', path, bytes: bytes.byteLength })
        return file.write(hit?.writesOnly === undefined ? bytes : bytes.subarray(0, hit.writesOnly))
      },
      async read(into, position) {
        await enterSlowly({ operation: 'read', path })
        return await file.read(into, position)
      },
      readSync(into, position) {
        enter({ operation: 'read', path })
        return file.readSync(into, position)
      },
      truncate(sizeBytes) {
        enter({ operation: 'truncate', path })
        file.truncate(sizeBytes)
      },
      async sync() {
        await enterSlowly({ operation: 'sync', path })
        await file.sync()
      },
      close: () => file.close(),
    }
  }

  return {
    ...base,
    calls,
    inject(fault) {
      faults.push({ fault, seen: 0 })
    },
    heal() {
      faults = []
    },
    makeDirectory(path) {
      enter({ operation: 'makeDirectory', path })
      base.makeDirectory(path)
    },
    async syncDirectory(path) {
      await enterSlowly({ operation: 'syncDirectory', path })
      await base.syncDirectory(path)
    },
    rename(from, to) {
      enter({ operation: 'rename', path: from })
      base.rename(from, to)
    },
    remove(path) {
      enter({ operation: 'remove', path })
      base.remove(path)
    },
    removeDirectory(path) {
      enter({ operation: 'removeDirectory', path })
      base.removeDirectory(path)
    },
    open(path, mode) {
      enter({ operation: 'open', path })
      return wrap(base.open(path, mode), path)
    },
  }
}

function systemError(errno: string, { operation, path }: FileSystemCall): Error {
  return Object.assign(new Error(`${errno}: ${operation} '${path}' fails on purpose`), { code: errno })
}
