import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import { mkdtempSync } from 'node:fs'
const dir = process.argv[2] ?? mkdtempSync('/tmp/arawn-try-')
const log = await openJsonlLogStore({ workstreamsDir: dir + '/workstreams', quarantineDir: dir + '/quarantine' }, { durability: 'strict' })
const index = await openSqliteIndex({ path: dir + '/index.db' })
const m = createWorkstreamManager({ log, index, clock: systemClock, ids: typeIds }, { sessionTimeoutMs: 1800000, lockTimeoutMs: 10000 })
void (await m.createWorkstream({ title: 'Hello', tags: ['a'] }))
void (await m.sendMessage({ workstream: 'hello', content: 'hi there' }))
void (await m.sendMessage({ content: 'to scratch' }))
void (await m.listWorkstreams())
void (await m.listMessages('Hello'))
void (await m.endSession('Hello'))
const ws = (await m.listWorkstreams()).items[0].id
const body = 'x'.repeat(700)
for (const c of [1, 64]) {
  const n = c === 1 ? 2000 : 60000
  const t = performance.now()
  let i = 0
  await Promise.all(Array.from({ length: c }, async () => { while (i < n) { i++; await m.sendMessage({ workstream: ws, content: body }) } }))
  const ms = performance.now() - t
  console.log(c, n, Math.round(n / ms * 1000) + '/s')
}
console.log(await m.rebuildIndex())
console.log(await m.verify())
await m.close()
