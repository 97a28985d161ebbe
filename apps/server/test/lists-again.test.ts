import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './start-server.js'

const lists = [
  'workstreams',
  'workstreams?state=all&limit=1',
  'workstreams/a/messages',
  'workstreams/a/messages?order=desc&limit=2',
  'workstreams/scratch/messages?include_promoted=true',
]

async function answersOf(server: TestServer) {
  const answers = await Promise.all(lists.map((path) => server.ask('GET', path)))
  return answers.map(({ status, headers, text, json }) => ({
    status,
    text: json.error?.code ?? text,
    type: headers.get('content-type'),
    length: headers.get('content-length'),
  }))
}

describe('a list that is asked for again', () => {
  it('is what a server answers that was just started, whatever others did meanwhile', async () => {
    const server = await startServer()
    const { dataDir } = server
    const other = await startServer({ dataDir })
    const log = join(dataDir, 'workstreams/a/messages.jsonl')
    const post = (path: string, body: object) => other.ask('POST', path, { body })
    const steps: [string, () => unknown][] = [
      ['nothing', () => undefined],
      ['a workstream', () => post('workstreams', { id: 'a', title: 'A' })],
      ['a message', () => post('workstreams/a/messages', { content: 'first — ünïcode' })],
      ['a push', () => post('workstreams/a/push', { content: 'second' })],
      ['an edit in place', () => writeFileSync(log, readFileSync(log, 'utf8').replace('second', 'edited'))],
      ['a message to scratch', () => post('workstreams/scratch/messages', { content: 'third' })],
      ['a promotion', () => post('workstreams/a/promote', {})],
      ['a title', () => other.ask('PATCH', 'workstreams/a', { body: { title: 'AA' } })],
      ['a purge', () => other.ask('DELETE', 'workstreams/a?purge=true')],
    ]
    for (const [name, step] of steps) {
      await answersOf(server)
      await step()
      const seen = await answersOf(server)
      const fresh = await answersOf(await startServer({ dataDir }))
      expect({ after: name, seen }).toEqual({ after: name, seen: fresh })
      expect(await answersOf(server)).toEqual(seen)
    }
    expect((await server.ask('GET', 'workstreams/a/messages')).status).toBe(404)
  })

  it('is the right one of more than are kept', async () => {
    const server = await startServer()
    await server.ask('POST', 'workstreams', { body: { id: 'a' } })
    const content = 'x'.repeat(60_000)
    for (let n = 0; n < 5; n++)
      await server.ask('POST', 'workstreams/a/messages', { body: { content: `${n} ${content}` } })
    for (let round = 0; round < 2; round++)
      for (let before = 2; before < 100; before++) {
        const { json } = await server.ask('GET', `workstreams/a/messages?limit=4&before=${before}`)
        const shown = [0, 1, 2, 3, 4].slice(0, before - 1).slice(-4)
        expect(json.data.map((message: { content: string }) => Number(message.content[0]))).toEqual(shown)
      }
  })
})
