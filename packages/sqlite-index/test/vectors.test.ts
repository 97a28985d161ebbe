import type { VectorAddition } from '@arawn/core/message-vector'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../src/file/open-database.js'
import { headsAt, indexDir, indexedLine } from './open-index.js'

const MODEL = 'work/embedder'

/** Applies so many messages; the first `offset` are shifted so that their lines stand elsewhere. */
async function apply(index: WorkstreamIndex, workstreamId: string, count: number, afresh = false): Promise<void> {
  const transaction = await index.begin()
  if (afresh) await transaction.forget(workstreamId)
  const created = { v: 1, stamp: 1, type: 'workstream_created', timestamp: new Date(0).toISOString(), id: workstreamId }
  await transaction.apply(workstreamId, [indexedLine('workstream', 1, 1, { ...created, title: 'x' })])
  const lines = Array.from({ length: count }, (_, at) =>
    indexedLine('messages', at + 1, at + 2 + (afresh ? 1_000 : 0), {
      v: 1,
      stamp: at + 2 + (afresh ? 1_000 : 0),
      timestamp: new Date(1_000).toISOString(),
      id: `m${at + 1}`,
      session_id: 's',
      role: 'user',
      content: 'x',
    }),
  )
  await transaction.apply(workstreamId, lines)
  await transaction.setHeads(workstreamId, headsAt({ workstream: 1, sessions: 0, messages: count }))
  await transaction.commit()
}

async function additionOf(
  index: WorkstreamIndex,
  workstreamId: string,
  embedded: number,
  upTo: number,
  model = MODEL,
): Promise<VectorAddition> {
  const { items } = await index.messages({ workstreamId, after: embedded, limit: upTo - embedded })
  const rows = items.map((position) => ({
    position,
    hash: `hash of ${position.sequence}`,
    vector: Uint8Array.of(1, 2, 3, 4, position.sequence),
  }))
  return { workstreamId, model, embedded, upTo, rows }
}

async function add(index: WorkstreamIndex, addition: VectorAddition): Promise<boolean> {
  const transaction = await index.begin()
  const isAdded = await transaction.addVectors(addition)
  await transaction.commit()
  return isAdded
}

const all = { after: 0, before: 1_000_000, limit: 1_000 }
const sequences = async (index: WorkstreamIndex, workstreamId: string, part: Partial<typeof all> = {}) =>
  (await index.vectors({ workstreamId, model: MODEL, ...all, ...part })).map(({ sequence }) => sequence)

describe('vectors of messages', () => {
  it('are found by workstream, embedder and sequence, as they were given', async () => {
    const index = await indexDir().openEmpty()
    await apply(index, 'a', 5)
    await apply(index, 'b', 2)
    expect(await add(index, await additionOf(index, 'b', 0, 2))).toBe(true)
    expect(await add(index, await additionOf(index, 'a', 0, 3))).toBe(true)
    expect(await add(index, await additionOf(index, 'a', 3, 5))).toBe(true)
    expect(await sequences(index, 'a')).toEqual([1, 2, 3, 4, 5])
    expect(await sequences(index, 'a', { after: 1, before: 5, limit: 2 })).toEqual([2, 3])
    expect(await sequences(index, 'b')).toEqual([1, 2])
    const [found] = await index.vectorsOf('a', MODEL, [4, 9])
    expect([found?.sequence, ...(found?.vector ?? [])]).toEqual([4, 1, 2, 3, 4, 4])
    expect(await index.vectorHashes('a', MODEL, [2, 9])).toEqual(new Map([[2, 'hash of 2']]))
    const count = { workstreamId: 'a', model: MODEL, before: 5, limit: 10 }
    expect([await index.vectorCount(count), await index.vectorCount({ ...count, limit: 2 })]).toEqual([4, 2])
    expect(await index.vectors({ workstreamId: 'a', model: 'work/other', ...all })).toEqual([])
  })

  it('are missing where a gap says so, of each embedder by itself', async () => {
    const index = await indexDir().openEmpty()
    await apply(index, 'a', 3)
    await apply(index, 'b', 2)
    const gap = (workstreamId: string, embedded: number, applied: number) => ({ workstreamId, embedded, applied })
    expect(await index.vectorGaps(MODEL, 10)).toEqual([gap('a', 0, 3), gap('b', 0, 2)])
    await add(index, await additionOf(index, 'a', 0, 2))
    expect(await index.vectorGaps(MODEL, 1)).toEqual([gap('a', 2, 3)])
    // A message that needs none.
    await add(index, { workstreamId: 'a', model: MODEL, embedded: 2, upTo: 3, rows: [] })
    expect(await index.vectorGaps(MODEL, 10)).toEqual([gap('b', 0, 2)])
    expect(await index.vectorGaps('work/other', 10)).toHaveLength(2)
  })

  it('are not added when somebody was faster, when there are no such messages, or others', async () => {
    const index = await indexDir().openEmpty()
    await apply(index, 'a', 3)
    const addition = await additionOf(index, 'a', 0, 3)
    expect(await add(index, { ...addition, upTo: 4 })).toBe(false)
    await apply(index, 'a', 3, true)
    expect(await add(index, addition)).toBe(false)
    const fresh = await additionOf(index, 'a', 0, 3)
    expect([await add(index, fresh), await add(index, fresh)]).toEqual([true, false])
    expect(await sequences(index, 'a')).toEqual([1, 2, 3])
  })

  it('go with their workstream and no other, all of them', async () => {
    const dir = indexDir()
    const index = await dir.openEmpty()
    for (const id of ['a', 'b', 'c']) {
      await apply(index, id, 4)
      await add(index, await additionOf(index, id, 0, 4))
      await add(index, await additionOf(index, id, 0, 4, 'work/other'))
    }
    const transaction = await index.begin()
    await transaction.forget('b')
    await transaction.commit()
    expect(await sequences(index, 'b')).toEqual([])
    expect([await sequences(index, 'a'), await sequences(index, 'c')]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ])
    const client = openDatabase(dir.path, { readonly: true })
    const rows = client.prepare('SELECT count(*) FROM cache_vectors').pluck().get()
    client.close()
    expect(rows).toBe(16)
  })
})
