import path from 'node:path'
import type { FileSystem, OpenFile } from '@arawn/core/file-system'
import { checkLine } from '../append/encode-lines.js'
import { writeFailed } from '../errors/log-failures.js'
import { writeFully } from '../files/write-fully.js'
import type { LogAddress } from '../paths/workstream-path.js'

/** A new log that is written line by line; nobody reads it yet. */
export interface LogCopy {
  /**
   * Takes a copy, with an LF behind it.
   *
   * @throws LOG_LINE_TOO_LONG | LOG_FULL | LOG_WRITE_FAILED | INTERNAL the line holds an LF
   */
  add(line: Uint8Array): void
  /** Resolves once all lines are on disk. @throws LOG_FULL | LOG_WRITE_FAILED */
  sync(): Promise<void>
  close(): void
}

/** @throws LOG_FULL | LOG_WRITE_FAILED */
export function createLogCopy(fileSystem: FileSystem, folder: string, address: LogAddress): LogCopy {
  const file = createFile(fileSystem, folder, address)
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  let filled = 0

  function write(bytes: Uint8Array): void {
    try {
      writeFully(file, bytes)
    } catch (cause) {
      throw writeFailed(address, 'write', cause)
    }
  }

  function writePiece(): void {
    if (filled > 0) write(piece.subarray(0, filled))
    filled = 0
  }

  return {
    add(line) {
      checkLine(line, address)
      if (filled + line.byteLength >= PIECE_BYTES) writePiece()
      if (line.byteLength >= PIECE_BYTES) write(line)
      else {
        piece.set(line, filled)
        filled += line.byteLength
      }
      piece[filled] = LF
      filled += 1
    },
    async sync() {
      writePiece()
      try {
        await file.sync()
      } catch (cause) {
        throw writeFailed(address, 'sync', cause)
      }
    },
    close() {
      try {
        file.close()
      } catch {
        // It is gone all the same (close(2)), and was synced before.
      }
    },
  }
}

/** One call for each line would take most of the time. */
const PIECE_BYTES = 1024 * 1024
const LF = 0x0a

function createFile(fileSystem: FileSystem, folder: string, address: LogAddress): OpenFile {
  try {
    return fileSystem.open(path.join(folder, `${address.log}.jsonl`), 'create')
  } catch (cause) {
    throw writeFailed(address, 'create', cause)
  }
}
