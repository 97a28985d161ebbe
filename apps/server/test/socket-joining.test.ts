import { describe, expect, it } from 'vitest'
import { openSocket, type Said } from './socket-client.js'
import { startServer } from './start-server.js'

const numbersHeard = (heard: readonly Said[]): number[] =>
  heard.filter(({ type }) => type === 'message.created').map(({ message }) => Number(message.content))

describe('sockets that come while others follow the same', () => {
  it.each(['', '?workstream=a'])('hear all that comes from then on, once and in order (%s)', async (query) => {
    const { url, ask } = await startServer()
    await ask('POST', 'workstreams', { body: { id: 'a' } })
    let [asked, answered, isOver] = [0, -1, false]
    const pushing = (async () => {
      while (!isOver) {
        const n = asked++
        await ask('POST', 'workstreams/a/push', { body: { content: String(n) } })
        answered = n
      }
    })()
    const clients = []
    for (let n = 0; n < 40; n++) {
      const before = answered
      const client = await openSocket(url, query)
      await client.next()
      clients.push({ client, before, after: asked })
    }
    isOver = true
    await pushing
    for (const { client, before, after } of clients) {
      if (after < asked) await client.until(({ message }) => message?.content === String(answered))
      const heard = numbersHeard(client.heard)
      const first = heard[0] ?? asked
      expect(first).toBeGreaterThan(before)
      expect(first).toBeLessThanOrEqual(after)
      expect(heard).toEqual(Array.from({ length: asked - first }, (_, n) => first + n))
    }
  })

  it('hear nothing of what was answered before, though nobody was told of it yet', async () => {
    const { url, ask } = await startServer()
    await ask('POST', 'workstreams', { body: { id: 'a' } })
    const early = await openSocket(url, '?workstream=a')
    await early.next()
    for (let n = 0; n < 40; n += 2) {
      await ask('POST', 'workstreams/a/push', { body: { content: String(n) } })
      const late = await openSocket(url, '?workstream=a')
      await late.next()
      await ask('POST', 'workstreams/a/push', { body: { content: String(n + 1) } })
      await late.until(({ type }) => type === 'message.created')
      expect(numbersHeard(late.heard)).toEqual([n + 1])
    }
  })

  it('hear of more than is at hand', async () => {
    const { url, ask } = await startServer()
    await ask('POST', 'workstreams', { body: { id: 'a' } })
    const early = await openSocket(url, '?workstream=a')
    await early.next()
    for (let n = 0; n < 150; n++) await ask('POST', 'workstreams/a/push', { body: { content: String(n) } })
    const late = await openSocket(url, '?workstream=a')
    const later = await openSocket(url, '?workstream=a&since=0')
    for (const client of [late, later]) await client.next()
    await ask('POST', 'workstreams/a/push', { body: { content: '150' } })
    for (const client of [early, late, later]) await client.until(({ message }) => message?.content === '150')
    expect(numbersHeard(late.heard)).toEqual([150])
    for (const client of [early, later])
      expect(numbersHeard(client.heard)).toEqual(Array.from({ length: 151 }, (_, n) => n))
  })
})
