import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asksAgain } from './asks-again.js'
import { said } from './foreign-lines.js'
import { createDataDir, type DataDir, opened } from './open-manager.js'
import { toldWithin } from './told-within.js'

describe('an answer that is asked for again', () => {
  async function threeMessages() {
    const { dir, manager } = await opened()
    await manager.createWorkstream({ id: 'a', title: 'A' })
    for (const content of ['one', 'two', 'three']) await manager.sendMessage({ workstream: 'a', content })
    return { dir, manager }
  }

  it('is the one of before as long as nothing happens', async () => {
    const { manager } = await threeMessages()
    const page = await manager.listMessages('a', { limit: 2 }, { last: undefined })
    expect(await manager.listMessages('a', { limit: 2 }, { last: page })).toBe(page)
    const list = await manager.listWorkstreams({}, { last: undefined })
    expect(await manager.listWorkstreams({}, { last: list })).toBe(list)
  })

  it('is another one for another question', async () => {
    const { manager } = await threeMessages()
    await manager.createWorkstream({ id: 'b' })
    const last = await manager.listMessages('a', { limit: 2 }, { last: undefined })
    const contents = async (ref: string, query: object) =>
      (await manager.listMessages(ref, query, { last })).items.map(({ content }) => content)
    expect(await contents('a', { limit: 3 })).toEqual(['one', 'two', 'three'])
    expect(await contents('a', { limit: 2, before: 3 })).toEqual(['one', 'two'])
    expect(await contents('b', { limit: 2 })).toEqual([])
    const list = await manager.listWorkstreams({ limit: 1 }, { last: undefined })
    expect((await manager.listWorkstreams({ limit: 2 }, { last: list })).items).toHaveLength(2)
    expect((await manager.listWorkstreams({ limit: 1, state: 'archived' }, { last: list })).items).toEqual([])
  })

  it('is not taken from another manager', async () => {
    const [here, there] = [await threeMessages(), await threeMessages()]
    const last = await there.manager.listMessages('a', {}, { last: undefined })
    const page = await here.manager.listMessages('a', {}, { last })
    expect(page).not.toBe(last)
    expect(page).toEqual(await here.manager.listMessages('a'))
    const list = await there.manager.listWorkstreams({}, { last: undefined })
    expect(await here.manager.listWorkstreams({}, { last: list })).not.toBe(list)
  })

  it('leaves alone what others were given, who may change it', async () => {
    const { manager } = await threeMessages()
    const kept = await manager.listMessages('a', {}, { last: undefined })
    const given = await manager.listMessages('a')
    for (const message of given.items) message.content = 'changed'
    expect((await manager.listMessages('a', {}, { last: kept })).items.map(({ content }) => content)).toEqual([
      'one',
      'two',
      'three',
    ])
  })
})

/** What others do to a data dir: other processes, and people with an editor. */
const changes: Record<string, (dir: DataDir, other: WorkstreamManager, nth: number) => unknown> = {
  nothing: () => undefined,
  'a message': (_dir, other, nth) => other.sendMessage({ workstream: 'a', content: `sent ${nth}` }),
  'a push': (_dir, other, nth) => other.pushAgentMessage({ workstream: 'b', content: `pushed ${nth}` }),
  'a message to scratch': (_dir, other, nth) => other.sendMessage({ content: `noted ${nth}` }),
  'a title': (_dir, other, nth) => other.updateWorkstream('a', { title: `A ${nth}` }),
  'a title that was an id': (_dir, other) => other.updateWorkstream('b', { title: 'a' }),
  'an archived workstream': (_dir, other) => other.archiveWorkstream('b'),
  'a promotion': (_dir, other) => other.promote({ into: 'a' }),
  'a purge': (_dir, other) => other.purgeWorkstream('a'),
  'one made anew': (_dir, other) => other.createWorkstream({ id: 'a', title: 'A' }),
  'a rebuild': (_dir, other) => other.rebuildIndex(),
  'a lost index': (dir) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(dir.indexPath + suffix, { force: true })
  },
  'a line by hand': (dir, _other, nth) => dir.appendByHand('a', 'messages', said(`by hand ${nth}`)),
  'half a line': (dir) => dir.appendByHand('a', 'messages', '{"role":"us'),
  'an edit in place': (dir) => edit(dir, (text) => text.replace(/(sent|noted) (\d)/, '$2 $1')),
  'an edit in place that breaks the first line': (dir) => edit(dir, (text) => text.replace('"role"', '"role ')),
  'an edit in place that breaks the last line': (dir) =>
    edit(dir, (text) => text.replace(/"role"(?!.*"role")/s, '"role ')),
  'a longer line': (dir) => edit(dir, (text) => text.replace('sent', 'sent before')),
}

/** The file looks as old as before. */
function edit(dir: DataDir, change: (text: string) => string): void {
  const path = dir.log('a', 'messages')
  const { atime, mtime } = statSync(path)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
  utimesSync(path, atime, mtime)
}

const queries = [{}, { limit: 2 }, { limit: 2, before: 3 }, { around: 2, limit: 1, includePromoted: true }]

/**
 * Lists, in several ways, or why there are none. Messages first: what was written by hand is in the list of workstreams once
 * somebody has looked at its workstream.
 */
async function everythingListed(manager: WorkstreamManager): Promise<unknown[]> {
  const questions = [
    ...['a', 'b', 'scratch', 'A'].flatMap((ref) => queries.map((query) => () => manager.listMessages(ref, query))),
    () => manager.listWorkstreams(),
    () => manager.listWorkstreams({ state: 'all', limit: 1 }),
  ]
  const answers: unknown[] = []
  for (const ask of questions) answers.push(await ask().catch(({ code }: WorkstreamError) => code))
  return answers
}

describe('an answer that is asked for again while others write', () => {
  it('is what a manager answers that was just opened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(changes)), { maxLength: 12 }), async (names) => {
        const dir = createDataDir()
        try {
          const [asker, other] = [asksAgain(await dir.open()), await dir.open()]
          for (const id of ['a', 'b']) await other.createWorkstream({ id, title: id.toUpperCase() })
          for (const content of ['noted 1', 'sent 2', 'noted 3']) await other.sendMessage({ workstream: 'a', content })
          await other.sendMessage({ content: 'noted 4' })
          await everythingListed(asker)
          for (const [nth, name] of names.entries()) {
            await expectDone(async () => changes[name]?.(dir, other, nth))
            const seen = await everythingListed(asker)
            const fresh = await dir.open()
            expect({ after: name, seen }).toEqual({ after: name, seen: await everythingListed(fresh) })
            await fresh.close()
          }
        } finally {
          await dir.dispose()
        }
      }),
      {
        numRuns: 25,
        ...toldWithin(120_000),
        examples: Object.keys(changes).flatMap((name) => [[[name]], [['a message', name, 'nothing', name]]]),
      },
    )
  }, 120_000)
})

/** What cannot be done any more is left out: there is no such workstream or log, or it is archived. */
async function expectDone(change: () => unknown): Promise<void> {
  try {
    await change()
  } catch (error) {
    if (error instanceof WorkstreamError && !hasCode(error, 'INTERNAL')) return
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
