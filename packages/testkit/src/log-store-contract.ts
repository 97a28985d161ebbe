import type { LogStore } from '@arawn/core/log-store'
import { afterEach, beforeEach, describe } from 'vitest'
import { describeAppendAndRead } from './contract/append-and-read.js'
import { describeClose } from './contract/close.js'
import { describeIds } from './contract/ids.js'
import { describeLock } from './contract/lock.js'
import type { LogsInTest } from './contract/logs-in-test.js'
import { describeRestore } from './contract/restore.js'
import { describeTrash } from './contract/trash.js'
import { describeVerify } from './contract/verify.js'
import { describeWhatIsThere } from './contract/what-is-there.js'

/** Fresh logs for one test. */
export interface LogStoreUnderTest {
  /** Another store on the same logs, as another part of the program would open it. */
  open(): Promise<LogStore>
  /** Closes and deletes everything. */
  dispose(): Promise<void>
}

/** What every adapter of `LogStore` promises. */
export function describeLogStore(name: string, setUp: () => Promise<LogStoreUnderTest>): void {
  describe(`LogStore: ${name}`, () => {
    let underTest: LogStoreUnderTest
    let store: LogStore

    beforeEach(async () => {
      underTest = await setUp()
      store = await underTest.open()
    })
    afterEach(async () => {
      await store.close()
      await underTest.dispose()
    })

    const logs: LogsInTest = {
      get store() {
        return store
      },
      open: () => underTest.open(),
    }
    describeAppendAndRead(logs)
    describeWhatIsThere(logs)
    describeRestore(logs)
    describeTrash(logs)
    describeIds(logs)
    describeLock(logs)
    describeVerify(logs)
    describeClose(logs)
  })
}
