// Run as a process of its own: Fastify and nothing else. It answers with the objects that the product answered with, and
// writes and syncs as many bytes as the product appends. What is pushed is told to every socket, in as many bytes.
import { fdatasync, openSync, readFileSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import Fastify from 'fastify'
import { WebSocketServer } from 'ws'

const [answersFile, logFile] = process.argv.slice(2)
const { messages, workstreams, sent, lineBytes, event } = JSON.parse(readFileSync(answersFile, 'utf8'))
const line = Buffer.from(`${'x'.repeat(lineBytes - 1)}\n`)
const fd = openSync(logFile, 'a')
const sync = promisify(fdatasync)

let waiting = []
let isWriting = false
/** Whatever waits goes out with one write and one sync. */
async function append() {
  const written = new Promise((resolve) => waiting.push(resolve))
  if (isWriting) return written
  isWriting = true
  while (waiting.length > 0) {
    const group = waiting
    waiting = []
    writeSync(fd, Buffer.concat(group.map(() => line)))
    await sync(fd)
    for (const resolve of group) resolve()
  }
  isWriting = false
}

const app = Fastify()
app.get('/api/v1/workstreams/:ref/messages', async () => messages)
app.get('/api/v1/workstreams', async () => workstreams)
app.post('/api/v1/workstreams/:ref/messages', async (request, reply) => {
  if (typeof request.body?.content !== 'string') throw new Error('no content')
  await append()
  return reply.status(201).send(sent)
})
app.post('/api/v1/workstreams/:ref/push', async (request, reply) => {
  await append()
  const message = { ...event, message: { ...event.message, content: request.body.content } }
  const text = JSON.stringify(message)
  for (const socket of sockets.clients) socket.send(text)
  return reply.status(201).send(sent)
})
const url = await app.listen({ port: 0, host: '127.0.0.1' })
const sockets = new WebSocketServer({ server: app.server, path: '/ws' })
sockets.on('connection', (socket) => socket.send('{"type":"accepted"}'))
console.log(JSON.stringify({ url }))
