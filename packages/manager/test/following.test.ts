import { cpSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { logNames } from '@arawn/core/record'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { LocalWorkstreamManager } from '@arawn/manager/create-workstream-manager'
import { followInPieces } from '@arawn/testkit/follow-in-pieces'
import { eventsInLogs, eventText } from '@arawn/testkit/logged-events'
import { describe, expect, it } from 'vitest'
import { take } from './follow-steps.js'
import { type DataDir, testDir } from './open-manager.js'

const said = (events: readonly WorkstreamEvent[]) =>
  events.flatMap((event) => (event.type === 'message.created' ? [event.message.content] : []))
const types = (events: readonly WorkstreamEvent[]) => events.map(({ type }) => type)
const byHand = (content: string) => `${JSON.stringify({ role: 'user', content, timestamp: '2026-01-15T10:05:00Z' })}\n`

async function opened(): Promise<{ dir: DataDir; manager: LocalWorkstreamManager }> {
  const dir = testDir()
  const manager = await dir.open()
  await manager.createWorkstream({ id: 'a' })
  return { dir, manager }
}

describe('whoever follows', () => {
  it('gets what happens from now on, in order', async () => {
    const { manager } = await opened()
    await manager.sendMessage({ workstream: 'a', content: 'before' })
    const events = manager.subscribe()
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    await manager.updateWorkstream('a', { title: 'A' })
    await manager.endSession('a')
    await manager.sendMessage({ workstream: 'a', content: 'two' })
    await manager.archiveWorkstream('a')
    const got = await take(events, 7)
    expect(types(got)).toEqual([
      'message.created',
      'workstream.updated',
      'session.closed',
      'session.opened',
      'message.created',
      'workstream.state_changed',
      'session.closed',
    ])
    expect(said(got)).toEqual(['one', 'two'])
    expect(got[4]).toMatchObject({ workstream_id: 'a', message: { sequence: 3, role: 'user' } })
    expect(got[5]).toMatchObject({ record: { state: 'archived' } })
  })

  it('goes on behind any cursor or stamp, from the beginning with 0', async () => {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'b' })
    for (let n = 0; n < 20; n++) await manager.sendMessage({ workstream: n % 3 === 0 ? 'a' : 'b', content: `${n}` })
    const all = await take(manager.subscribe({ since: 0 }), 24)
    expect(all.map(eventText)).toEqual(eventsInLogs(dir.workstreamsDir))
    for (const [place, { cursor, stamp }] of all.slice(0, -1).entries()) {
      expect(await take(manager.subscribe({ since: cursor }), 23 - place)).toEqual(all.slice(place + 1))
      expect(await take(manager.subscribe({ since: stamp }), 23 - place)).toEqual(all.slice(place + 1))
    }
  })

  it('gets the same message as a reader', async () => {
    const { manager } = await opened()
    const [, , event] = await Promise.all([
      manager.sendMessage({ workstream: 'a', content: 'x', author: 'Ann', metadata: { n: 1 } }),
      manager.pushAgentMessage({ workstream: 'a', content: 'y' }),
      take(manager.subscribe({ since: 0 }), 4),
    ])
    const messages = event.flatMap((each) => (each.type === 'message.created' ? [each.message] : []))
    expect(messages).toEqual((await manager.listMessages('a')).items)
  })

  it('of one workstream gets nothing of the others, by its title too', async () => {
    const { manager } = await opened()
    await manager.createWorkstream({ id: 'b', title: 'Bee' })
    const events = manager.subscribe({ since: 0, workstream: 'bee' })
    await manager.sendMessage({ workstream: 'a', content: 'a' })
    await manager.sendMessage({ workstream: 'b', content: 'b' })
    expect(types(await take(events, 3))).toEqual(['workstream.created', 'session.opened', 'message.created'])
    await expect(manager.subscribe({ workstream: 'nobody' }).next()).rejects.toMatchObject({
      code: 'WORKSTREAM_NOT_FOUND',
    })
  })

  it('may be there before anything else', async () => {
    const manager = await testDir().open()
    const events = take(manager.subscribe(), 3)
    await manager.sendMessage({ content: 'the first' })
    expect(types(await events)).toEqual(['workstream.created', 'session.opened', 'message.created'])
  })

  it('is told at once what makes no sense as a cursor', async () => {
    const { manager } = await opened()
    for (const since of ['x', '1/a', '1/a/messages/x', '1/../messages/1', '1/a/messages/1/2', -1, 1.5])
      expect(() => manager.subscribe({ since })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })

  it('sees what another handle does', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    await other.listWorkstreams()
    const first = take(other.subscribe(), 3)
    await sleep(120)
    await manager.createWorkstream({ id: 'b' })
    await manager.sendMessage({ workstream: 'b', content: 'hello' })
    expect(types(await first)).toEqual(['workstream.created', 'session.opened', 'message.created'])
  })

  it('sees lines that were written by hand, each once, wherever it stops among them', async () => {
    const { dir, manager } = await opened()
    await manager.sendMessage({ workstream: 'a', content: 'one' })
    const cursor = (await take(manager.subscribe({ since: 0 }), 3)).at(-1)?.cursor
    const events = manager.subscribe({ workstream: 'a' })
    const next = take(events, 3)
    await sleep(120)
    dir.appendByHand('a', 'messages', byHand('x') + byHand('y') + byHand('z'))
    const got = await next
    expect(said(got)).toEqual(['x', 'y', 'z'])
    expect(new Set(got.map(({ stamp }) => stamp)).size).toBe(1)
    const pieces = followInPieces(manager.subscribe, cursor ?? 0, () => 1)
    expect(said(await pieces.finish(100, 3))).toEqual(['x', 'y', 'z'])
  })

  it('ends on abort, on return and when the manager is closed, also while it waits', async () => {
    const { manager } = await opened()
    const abort = new AbortController()
    const aborted = manager.subscribe({ signal: abort.signal })
    const returned = manager.subscribe()
    const closed = Array.from({ length: 50 }, () => manager.subscribe())
    const ends = [aborted, returned, ...closed].map((each) => each.next())
    await sleep(20)
    abort.abort()
    await returned.return?.()
    const never = manager.subscribe()
    await manager.close()
    expect(await Promise.all(ends)).toEqual(ends.map(() => ({ done: true, value: undefined })))
    expect(await never.next()).toEqual({ done: true, value: undefined })
    expect(await manager.subscribe({ signal: abort.signal, since: 0 }).next()).toMatchObject({ done: true })
  })

  it('finishes a for await by break', async () => {
    const { manager } = await opened()
    for (let n = 0; n < 3; n++) await manager.sendMessage({ workstream: 'a', content: `${n}` })
    const seen: string[] = []
    for await (const event of manager.subscribe({ since: 0 })) {
      seen.push(event.type)
      if (seen.length === 2) break
    }
    expect(seen).toEqual(['workstream.created', 'session.opened'])
  })

  it('does not mind an index that is lost or rebuilt', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    let piece = 0
    const follower = followInPieces(other.subscribe, 0, () => (piece++ % 7) + 1)
    for (let n = 0; n < 60; n++) {
      await manager.sendMessage({ workstream: 'a', content: `${n}` })
      if (n % 20 === 5) for (const suffix of ['', '-wal', '-shm']) rmSync(dir.indexPath + suffix, { force: true })
      if (n % 20 === 15) await manager.rebuildIndex()
      if (n % 10 === 0) await sleep(30)
    }
    const logged = eventsInLogs(dir.workstreamsDir)
    expect((await follower.finish(300, logged.length)).map(eventText)).toEqual(logged)
  })

  it('does not mind an index that is rebuilt again, however soon', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    const events = manager.subscribe({ since: 0 })
    await take(events, 1)
    for (let pause = 0; pause < 100; pause += 5) {
      await other.rebuildIndex()
      await sleep(pause)
      await other.rebuildIndex()
      await other.sendMessage({ workstream: 'a', content: `after ${pause} ms` })
      expect(said(await take(events, pause === 0 ? 2 : 1))).toEqual([`after ${pause} ms`])
    }
  })

  it('can be many', async () => {
    const { dir, manager } = await opened()
    const other = await dir.open()
    const followers = Array.from({ length: 100 }, (_, n) => take((n % 2 ? other : manager).subscribe({ since: 0 }), 32))
    await Promise.all(Array.from({ length: 30 }, (_, n) => manager.sendMessage({ workstream: 'a', content: `${n}` })))
    const expected = eventsInLogs(dir.workstreamsDir)
    for (const follower of await Promise.all(followers)) expect(follower.map(eventText)).toEqual(expected)
  })
})

describe('a workstream with lines from before', () => {
  /** A follower that has seen all, and a workstream that lies elsewhere since before that. */
  async function away() {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'old' })
    await manager.sendMessage({ workstream: 'old', content: 'long ago' })
    renameSync(dir.folder('old'), `${dir.root}/old`)
    await manager.sendMessage({ workstream: 'a', content: 'since then' })
    const cursor = (await take(manager.subscribe({ since: 0 }), 3)).at(-1)?.cursor
    return { dir, manager, cursor }
  }

  it('that was copied in is announced once, to those who listen and to those who come later', async () => {
    const { dir, manager, cursor } = await away()
    const next = take(manager.subscribe(), 1)
    await sleep(120)
    cpSync(`${dir.root}/old`, dir.folder('old'), { recursive: true })
    expect(await next).toMatchObject([{ type: 'workstream.resync', workstream_id: 'old' }])
    await manager.rebuildIndex()
    const other = await dir.open()
    await other.sendMessage({ workstream: 'old', content: 'and on' })
    const later = await take(other.subscribe({ since: cursor }), 2)
    expect(types(later)).toEqual(['workstream.resync', 'message.created'])
    expect(dir.recordsOf('old', 'workstream').map(({ type }) => type)).toEqual([
      'workstream_created',
      'workstream_arrived',
    ])
    expect((await other.verify()).problems).toEqual([])
  })

  it('that was restored is announced', async () => {
    const { dir, manager, cursor } = await away()
    async function* lines() {
      for (const log of logNames)
        for (const line of readFileSync(`${dir.root}/old/${log}.jsonl`, 'utf8').split('\n').slice(0, -1))
          yield { log, bytes: Buffer.from(line) }
    }
    await manager.restoreLogs('old', lines())
    expect(await take(manager.subscribe({ since: cursor }), 1)).toMatchObject([
      { type: 'workstream.resync', workstream_id: 'old' },
    ])
  })

  it('that was edited in place is announced when somebody notices', async () => {
    const { dir, manager } = await opened()
    for (const content of ['one', 'two', 'three']) await manager.sendMessage({ workstream: 'a', content })
    const events = manager.subscribe({ workstream: 'a' })
    const next = take(events, 2)
    await sleep(120)
    dir.writeByHand('a', 'messages', dir.bytesOf('a', 'messages').replace('"two"', '"something else"'))
    await manager.sendMessage({ workstream: 'a', content: 'four' })
    expect(types(await next)).toEqual(['workstream.resync', 'message.created'])
  })
})
