/**
 * Keeps the bytes that were cut from logs: `<workstream id>.<log>.<byte offset>.<milliseconds>[-n].torn`.
 * Nothing here is ever deleted by us.
 */

import path from 'node:path'
import type { Clock } from '@arawn/core/clock'
import { errnoOf } from '@arawn/core/error'
import type { FileSystem, OpenFile } from '@arawn/core/file-system'
import { MAX_LINE_BYTES, type QuarantinedTail } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import { readFully } from '../files/read-fully.js'
import { writeFully } from '../files/write-fully.js'
import { makeDirectories } from '../paths/make-directories.js'
import type { LogAddress } from '../paths/workstream-path.js'

export interface Quarantine {
  /** Copies the end of a log, from `offset`; resolves once the copy is on disk. @returns where it lies */
  keep(address: LogAddress, log: OpenFile, offset: number, sizeBytes: number): Promise<string>
  /** Oldest first. */
  list(): QuarantinedTail[]
  /** @returns undefined when there is no such piece; of a long one the beginning */
  read(name: string): Uint8Array | undefined
}

export function createQuarantine(directory: string, fileSystem: FileSystem, clock: Clock): Quarantine {
  function create(address: LogAddress, offset: number): { file: OpenFile; location: string } {
    const stem = `${address.workstreamId}.${address.log}.${offset}.${Math.floor(clock.nowMs())}`
    for (let n = 0; ; n += 1) {
      const location = path.join(directory, `${stem}${n === 0 ? '' : `-${n}`}.torn`)
      try {
        return { file: fileSystem.open(location, 'create'), location }
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error
      }
    }
  }

  return {
    async keep(address, log, offset, sizeBytes) {
      await makeDirectories(directory, fileSystem)
      const { file, location } = create(address, offset)
      try {
        for (let at = offset; at < sizeBytes; at += CHUNK_BYTES) {
          writeFully(file, readFully(log, at, Math.min(CHUNK_BYTES, sizeBytes - at)))
        }
        await file.sync()
      } catch (error) {
        removeQuietly(location, fileSystem)
        throw error
      } finally {
        file.close()
      }
      await fileSystem.syncDirectory(directory)
      return location
    },
    list() {
      if (fileSystem.stat(directory) === undefined) return []
      const found = fileSystem.readDirectory(directory).flatMap((name) => {
        const kept = parseName(name)
        const location = path.join(directory, name)
        const stat = kept && fileSystem.linkStat(location)
        return kept && stat?.isFile ? [{ name, ...kept, bytes: stat.sizeBytes, location }] : []
      })
      found.sort((a, b) => a.keptAtMs - b.keptAtMs || a.nth - b.nth || (a.location < b.location ? -1 : 1))
      return found.map(({ nth: _nth, ...tail }) => tail)
    },
    read(name) {
      const location = path.join(directory, name)
      if (parseName(name) === undefined || fileSystem.linkStat(location)?.isFile !== true) return undefined
      const file = fileSystem.open(location, 'read')
      try {
        return readFully(file, 0, Math.min(file.stat().sizeBytes, LONGEST_READ_BYTES))
      } finally {
        file.close()
      }
    },
  }
}

/** No line that we write is half as long. */
const LONGEST_READ_BYTES = 2 * MAX_LINE_BYTES

const CHUNK_BYTES = 1024 * 1024

/** Ids hold no dots, so the parts of a name are the parts between dots. */
const NAME = /^(?<workstreamId>[a-z0-9][a-z0-9_-]*)\.(?<log>[a-z]+)\.(?<offset>\d+)\.(?<at>\d+)(?:-(?<nth>\d+))?\.torn$/

function parseName(name: string) {
  const parts = NAME.exec(name)?.groups
  const log = logNames.find((known) => known === parts?.log)
  if (parts?.workstreamId === undefined || log === undefined) return undefined
  const { workstreamId, offset, at, nth } = parts
  return { workstreamId, log, offset: Number(offset), keptAtMs: Number(at), nth: Number(nth ?? 0) }
}

function removeQuietly(location: string, fileSystem: FileSystem): void {
  try {
    fileSystem.remove(location)
  } catch {}
}
