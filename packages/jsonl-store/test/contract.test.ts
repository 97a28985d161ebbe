import path from 'node:path'
import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { describeLogStore, type LogStoreUnderTest } from '@arawn/testkit/log-store-contract'
import { makeTempDir } from '@arawn/testkit/temp-dir'

for (const durability of ['strict', 'relaxed'] as const) {
  describeLogStore(`JSONL in a real directory, ${durability}`, async (): Promise<LogStoreUnderTest> => {
    const root = makeTempDir()
    const workstreamsDir = path.join(root.path, 'data', 'workstreams')
    const quarantineDir = path.join(root.path, 'data', 'quarantine')
    const trashDir = path.join(root.path, 'data', 'trash')
    return {
      open: () => openJsonlLogStore({ workstreamsDir, quarantineDir, trashDir }, { durability }),
      dispose: async () => root.dispose(),
    }
  })
}
