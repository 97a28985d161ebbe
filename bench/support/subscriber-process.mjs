// Run as a process of its own: sockets that follow one workstream. Says when all of them do, and how long each message took to
// each of them: messages say when they were sent (`at=<nanoseconds>;`, of the clock that all processes share).
import { once } from 'node:events'
import { WebSocket } from 'ws'

const [url, workstream, count] = process.argv.slice(2)
const took = []
const sockets = []

function follow() {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?workstream=${workstream}`)
  sockets.push(socket)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data) => {
      const now = process.hrtime.bigint()
      const text = data.toString()
      if (text.startsWith('{"type":"accepted"')) return resolve()
      const at = /at=(\d+);/.exec(text)
      if (at !== null) took.push(Number(now - BigInt(at[1])) / 1e6)
    })
  })
}

for (let n = 0; n < Number(count); n += 50) await Promise.all(Array.from({ length: Math.min(50, count - n) }, follow))
process.send('following')

const [wanted] = await once(process, 'message')
for (let waits = 0; took.length < wanted && waits < 200; waits++)
  await new Promise((resolve) => setTimeout(resolve, 50))
await new Promise((resolve) => process.send(took, resolve))
for (const socket of sockets) socket.terminate()
process.disconnect()
