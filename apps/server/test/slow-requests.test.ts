import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from './start-server.js'

const env = { ARAWN_SERVER_REQUEST_TIMEOUT_SECONDS: '1' }
const POST = 'POST /api/v1/workstreams HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

describe('a request', () => {
  it('that does not come to its end is given up, wherever it stops, while others are answered', async () => {
    const { url, ask } = await startServer({ env })
    const stops = [
      '',
      'P',
      'GET /api/v1/workstreams HTTP/1.1\r\nHost: local',
      `${POST}Content-Length: 20\r\n\r\n{"title":`,
      `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\n{"tit`,
    ]
    const answers = Promise.all(stops.map(async (bytes) => answerTo(await open(url, bytes))))
    expect((await ask('POST', 'workstreams', { body: { id: 'a' } })).status).toBe(201)
    for (const [place, answer] of (await answers).entries()) {
      expect(answer, stops[place]).toMatch(/^HTTP\/1\.1 408 /)
      expect(bodyOf(answer)).toMatchObject({ error: { code: 'REQUEST_UNREADABLE', type: 'invalid' } })
    }
    expect((await ask('GET', 'workstreams')).json.data).toHaveLength(1)
  })

  it('that comes in drops is given up all the same', async () => {
    const { url } = await startServer({ env })
    const socket = await open(url, `${POST}X-Slow: `)
    const dripping = setInterval(() => socket.write('x'), 50)
    expect(await answerTo(socket)).toMatch(/^HTTP\/1\.1 408 /)
    clearInterval(dripping)
  })

  it('with headers that are too large, or that is none, is answered in words and closed', async () => {
    const { url } = await startServer()
    const large = answerTo(
      await open(url, `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`),
    )
    expect(await large).toMatch(/^HTTP\/1\.1 431 /)
    for (const nonsense of [
      'hello\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00',
      'GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    ]) {
      const answer = await answerTo(await open(url, nonsense))
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(bodyOf(answer)).toMatchObject({ error: { code: 'REQUEST_UNREADABLE' } })
    }
  })

  it('may be followed by others on the same connection, and a stream by nothing for longer', async () => {
    const { url } = await startServer({ env })
    const stream = await open(url, 'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const [connected] = await once(stream, 'data')
    expect(connected.toString()).toMatch(/^HTTP\/1\.1 200 /)
    const socket = await open(url, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'data')
    // Whoever sends nothing at all is given up later than a request may take.
    expect(await answerTo(await open(url, ''))).toMatch(/^HTTP\/1\.1 408 /)
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect((await once(socket, 'data')).toString()).toMatch(/^HTTP\/1\.1 200 /)
    expect(stream.destroyed).toBe(false)
  })
})

async function open(url: string, bytes: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(bytes, 'latin1')
  return socket
}

/** All that comes until the connection is closed. */
async function answerTo(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (bytes) => (text += bytes))
  await once(socket, 'close')
  return text
}

function bodyOf(answer: string): unknown {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
}
