import fs from 'node:fs'
import {promisify} from 'node:util'
import Database from 'better-sqlite3'
const sync=promisify(fs.fdatasync); const b=Buffer.alloc(900,120)
async function run(name, {dir='/tmp/exp', file, setup=()=>{}, rows=1, defer=false}={}) {
  fs.rmSync(dir,{recursive:true,force:true}); fs.mkdirSync(dir)
  const fd=fs.openSync(dir+'/log','a')
  let db; if(rows){ db=new Database(file??dir+'/i.db'); db.pragma('journal_mode=WAL'); db.pragma('synchronous=NORMAL'); setup(db); for(let i=0;i<rows;i++) db.exec(`create table t${i}(a integer primary key,b text)`)}
  const st=rows?Array.from({length:rows},(_, i)=>db.prepare(`insert into t${i} values(null,?)`)):[]
  const begin=db?.prepare('begin immediate'), commit=db?.prepare('commit')
  let out=[]
  for(let r=0;r<4;r++){const n=1500;const t=performance.now(); let c=0,s=0
  for(let i=0;i<n;i++){ if(db){begin.run(); for(const s of st) s.run('x'.repeat(60))} const q1=performance.now(); fs.writeSync(fd,b); await sync(fd); s+=performance.now()-q1; if(db){const q=performance.now();commit.run();c+=performance.now()-q} }
  out.push(Math.round(n/(performance.now()-t)*1000)+'/s sync '+Math.round(s/n*1000)+' commit '+Math.round(c/n*1000))}
  console.log(name, out.slice(1).join(' | '))
  db?.close()
}
await run('raw',{rows:0})
await run('7 tables mem',{rows:7,file:':memory:'})
await run('7 tables',{rows:7})
await run('7 tables shm',{rows:7,file:'/dev/shm/exp-i.db'+process.pid})
await run('7 tables ckpt 0',{rows:7,setup:d=>{d.pragma('wal_autocheckpoint=0')}})
await run('raw',{rows:0})
