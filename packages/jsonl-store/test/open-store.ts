import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { FileSystem } from '@arawn/core/file-system'
import type { LogStore } from '@arawn/core/log-store'
import type { LogName } from '@arawn/core/record'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { createFixedClock, type FixedClock } from '@arawn/testkit/fixed-clock'
import { createRecordingLogger, type RecordingLogger } from '@arawn/testkit/recording-logger'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { onTestFinished } from 'vitest'

export interface TestDir {
  readonly workstreamsDir: string
  readonly quarantineDir: string
  readonly trashDir: string
  readonly clock: FixedClock
  readonly logger: RecordingLogger
  open(fileSystem?: FileSystem, durability?: 'strict' | 'relaxed'): Promise<LogStore>
  /** The path of a log. */
  log(workstreamId: string, log: LogName): string
  /** Writes to a log past the store, as a person with an editor does. Creates the folder. */
  writeByHand(workstreamId: string, log: LogName, bytes: string | Uint8Array): void
  readByHand(workstreamId: string, log: LogName): string
  /** Every file of every workstream with its bytes. */
  snapshot(): Record<string, string>
}

/** A data dir for one test; all stores of it are closed, and it is deleted, when the test ends. */
export function testDir(): TestDir {
  const root = makeTempDir()
  const stores: LogStore[] = []
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.close()))
    root.dispose()
  })
  const workstreamsDir = path.join(root.path, 'workstreams')
  const quarantineDir = path.join(root.path, 'quarantine')
  const trashDir = path.join(root.path, 'trash')
  const clock = createFixedClock()
  const logger = createRecordingLogger()
  const log = (workstreamId: string, name: LogName) => path.join(workstreamsDir, workstreamId, `${name}.jsonl`)

  return {
    workstreamsDir,
    quarantineDir,
    trashDir,
    clock,
    logger,
    async open(fileSystem, durability = 'strict') {
      const parts = { workstreamsDir, quarantineDir, trashDir, clock, logger, ...(fileSystem && { fileSystem }) }
      const store = await openJsonlLogStore(parts, { durability })
      stores.push(store)
      return store
    },
    log,
    writeByHand(workstreamId, name, bytes) {
      mkdirSync(path.join(workstreamsDir, workstreamId), { recursive: true })
      appendFileSync(log(workstreamId, name), bytes)
    },
    readByHand: (workstreamId, name) => readFileSync(log(workstreamId, name), 'utf8'),
    snapshot() {
      if (!existsSync(workstreamsDir)) return {}
      const names = readdirSync(workstreamsDir, { recursive: true, encoding: 'utf8' }).sort()
      const logs = names.filter((name) => name.endsWith('.jsonl'))
      return Object.fromEntries(logs.map((name) => [name, readFileSync(path.join(workstreamsDir, name), 'latin1')]))
    },
  }
}
