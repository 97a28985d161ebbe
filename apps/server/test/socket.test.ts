import { describe, expect, it } from 'vitest'
import { openSocket } from './socket-client.js'
import { startProvider, startServer } from './start-server.js'

describe('a socket', () => {
  it('follows a workstream, and takes a chat', async () => {
    const provider = await startProvider([{ text: ['Hel', 'lo'] }])
    const { url, ask } = await startServer({ provider })
    await ask('POST', 'workstreams', { body: { id: 'a', title: 'A' } })
    const client = await openSocket(url, '?workstream=a')
    expect(await client.next()).toEqual({ type: 'accepted', what: 'subscribe', workstream_id: 'a' })
    const accepted = await client.ask({ type: 'chat', workstream: 'a', message: 'hi' })
    expect(accepted).toMatchObject({ type: 'accepted', what: 'chat', workstream_id: 'a', replayed: false })
    await client.until(({ type }) => type === 'turn.completed')
    const events = client.heard.filter(({ type }) => type !== 'accepted')
    expect(events.map(({ type }) => type).filter((type) => type !== 'turn.delta')).toEqual([
      'session.opened',
      'message.created',
      'turn.started',
      'message.created',
      'turn.completed',
    ])
  })
})
