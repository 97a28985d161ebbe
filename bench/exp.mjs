import fs from 'node:fs'
import {promisify} from 'node:util'
import Database from 'better-sqlite3'
const sync=promisify(fs.fdatasync); const b=Buffer.alloc(900,120)
async function run(name, {dir='/tmp/exp', setup=()=>{}, rows=1, prealloc=false}={}) {
  fs.rmSync(dir,{recursive:true,force:true}); fs.mkdirSync(dir)
  const fd=fs.openSync(dir+'/log','a')
  let db; if(rows){ db=new Database(dir+'/i.db'); db.pragma('journal_mode=WAL'); db.pragma('synchronous=NORMAL'); setup(db); for(let i=0;i<6;i++) db.exec(`create table t${i}(a integer primary key,b text)`)}
  const st=rows?Array.from({length:rows},(_, i)=>db.prepare(`insert into t${i} values(null,?)`)):[]
  const begin=db?.prepare('begin immediate'), commit=db?.prepare('commit')
  for(let r=0;r<3;r++){const n=1500;const t=performance.now(); let c=0
  for(let i=0;i<n;i++){ if(db){begin.run(); for(const s of st) s.run('x'.repeat(60))} fs.writeSync(fd,b); await sync(fd); if(db){const q=performance.now();commit.run();c+=performance.now()-q} }
  console.log(name, Math.round(n/(performance.now()-t)*1000)+'/s commit us',Math.round(c/n*1000))}
  db?.close()
}
await run('raw',{rows:0})
await run('1 table')
await run('6 tables',{rows:6})
await run('6 tables, ckpt 20000',{rows:6,setup:d=>d.pragma('wal_autocheckpoint=20000')})
await run('6 tables, sync off',{rows:6,setup:d=>{d.pragma('synchronous=OFF')}})
await run('6 tables, sync off ckpt 20000',{rows:6,setup:d=>{d.pragma('synchronous=OFF');d.pragma('wal_autocheckpoint=20000')}})
await run('6 tables page1k',{rows:6,setup:d=>{d.pragma('page_size=1024')}})
