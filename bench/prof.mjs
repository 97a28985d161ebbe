import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import { mkdtempSync } from 'node:fs'
const dir = mkdtempSync('/tmp/arawn-try-')
const log = await openJsonlLogStore({ workstreamsDir: dir + '/workstreams', quarantineDir: dir + '/quarantine' }, { durability: 'strict' })
const index = await openSqliteIndex({ path: dir + '/index.db' })
const m = createWorkstreamManager({ log, index, clock: systemClock, ids: typeIds }, { sessionTimeoutMs: 1800000, lockTimeoutMs: 10000 })
const ws = (await m.createWorkstream({ title: 'Hello', tags: ['a'] })).id
const body = 'x'.repeat(700)
const c = Number(process.argv[2]), n = Number(process.argv[3])
for (let r = 0; r < 3; r++) {
  const t = performance.now(); let i = 0
  await Promise.all(Array.from({ length: c }, async () => { while (i < n) { i++; await m.sendMessage({ workstream: ws, content: body }) } }))
  console.log(c, n, Math.round(n / (performance.now() - t) * 1000) + '/s')
}
await m.close()
