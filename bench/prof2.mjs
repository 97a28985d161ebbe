import { openJsonlLogStore } from '@arawn/jsonl-store/jsonl-log-store'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { createWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { systemClock } from '@arawn/core/clock'
import { typeIds } from '@arawn/core/id'
import { mkdtempSync } from 'node:fs'
const dir = mkdtempSync('/tmp/arawn-try-')
const log = await openJsonlLogStore({ workstreamsDir: dir + '/workstreams', quarantineDir: dir + '/quarantine' }, { durability: 'strict' })
let ta=0,tl=0,tp=0,th=0; const lock0=log.lock; log.lock=async(t)=>{const q=performance.now(); const w=await lock0(t); tl+=performance.now()-q; const q2=performance.now(); return {...w, prepare: async(i)=>{const q=performance.now(); const r=await w.prepare(i); tp+=performance.now()-q; return r}, append: async(e)=>{const q=performance.now(); await w.append(e); ta+=performance.now()-q}, release(){w.release(); th+=performance.now()-q2}}}
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
console.log({append:ta/3/n*1000,lock:tl/3/n*1000,prepare:tp/3/n*1000,held:th/3/n*1000});await m.close()
