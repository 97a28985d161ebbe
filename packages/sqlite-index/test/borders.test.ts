import { expect, it } from 'vitest'
import { headsAt, indexDir, indexedLine, said } from './open-index.js'

const FAR = [-5, 0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 2, Number.MAX_SAFE_INTEGER]

async function threeWorkstreams() {
  const dir = indexDir()
  const index = await dir.openEmpty()
  const transaction = await index.begin()
  for (const id of ['before', 'asked', 'behind']) {
    await transaction.apply(id, [1, 2, 3].map(said))
    await transaction.setHeads(id, headsAt({ workstream: 0, sessions: 0, messages: 3 }))
  }
  return transaction
}

it('shows messages of no other workstream, however far a border lies', async () => {
  const transaction = await threeWorkstreams()
  const sequencesOf = async (borders: { after?: number; before?: number }) => {
    const { items } = await transaction.messages({ workstreamId: 'asked', limit: 100, ...borders })
    return items.map(({ sequence }) => sequence)
  }
  for (const border of FAR) {
    expect(await sequencesOf({ after: border })).toEqual([1, 2, 3].filter((sequence) => sequence > border))
    expect(await sequencesOf({ before: border })).toEqual([1, 2, 3].filter((sequence) => sequence < border))
  }
  await transaction.rollback()
})

it('hides messages of no other workstream, whatever a promotion says that it covers', async () => {
  const transaction = await threeWorkstreams()
  const promotion = { v: 1 as const, id: 'pro_1', timestamp: '2026-11-21T10:00:00.000Z' }
  await transaction.apply('asked', [
    indexedLine('sessions', 1, 11, {
      ...promotion,
      type: 'promotion_started',
      stamp: 11,
      target_id: 'behind',
      coverage: [[2, Number.MAX_SAFE_INTEGER]],
    }),
    indexedLine('sessions', 2, 12, { ...promotion, type: 'promotion_completed', stamp: 12 }),
  ])
  const shown = async (workstreamId: string) => (await transaction.messages({ workstreamId, limit: 100 })).items.length
  expect([await shown('before'), await shown('asked'), await shown('behind')]).toEqual([3, 1, 3])
  expect(await transaction.visibleSequences('asked', { first: -3, last: Number.MAX_SAFE_INTEGER })).toEqual([1])
  await transaction.rollback()
})

it('removes the messages of one workstream and of no other', async () => {
  const transaction = await threeWorkstreams()
  await transaction.forget('asked')
  const shown = async (workstreamId: string) => (await transaction.messages({ workstreamId, limit: 100 })).items.length
  expect([await shown('before'), await shown('asked'), await shown('behind')]).toEqual([3, 0, 3])
  await transaction.apply('asked', [said(1)])
  expect([await shown('before'), await shown('asked'), await shown('behind')]).toEqual([3, 1, 3])
  await transaction.rollback()
})
