// Run as a process of its own: Fastify and nothing else. It answers with the objects that the product answered with, and
// writes and syncs as many bytes as the product appends.
import { fdatasync, openSync, readFileSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import Fastify from 'fastify'

const [answersFile, logFile] = process.argv.slice(2)
const { messages, workstreams, sent, lineBytes } = JSON.parse(readFileSync(answersFile, 'utf8'))
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
const url = await app.listen({ port: 0, host: '127.0.0.1' })
console.log(JSON.stringify({ url }))
