import type { IndexTransaction } from '@arawn/core/workstream-index'
import { expect, it } from 'vitest'
import { dumpOf, headsAt, indexDir, said } from './open-index.js'

const heads = headsAt({ workstream: 0, sessions: 0, messages: 1 })

async function found(transaction: IndexTransaction) {
  const { items } = await transaction.messages({ workstreamId: 'a', limit: 1 })
  return items.map((position) => ({ position, saidMs: 0, author: undefined }))
}

/** Everything that writes, by its name. */
const writes: Record<string, (transaction: IndexTransaction) => Promise<unknown>> = {
  apply: (transaction) => transaction.apply('a', [said(2)]),
  setHeads: (transaction) => transaction.setHeads('a', headsAt({ workstream: 0, sessions: 0, messages: 9 })),
  forget: (transaction) => transaction.forget('a'),
  keepTokenCounts: (transaction) => transaction.keepTokenCounts('a', 'counter', new Map([[1, 7]])),
  keepQuestionNote: (transaction) => transaction.keepQuestionNote('key', new Uint8Array([1])),
  addToSearch: async (transaction) => {
    const rows = (await found(transaction)).map((row) => ({ ...row, words: 'hello', parts: '', wordCount: 1 }))
    return transaction.addToSearch(1, { workstreamId: 'a', searched: 0, upTo: 1, rows })
  },
  addVectors: async (transaction) => {
    const rows = (await found(transaction)).map(({ position }) => ({ position, hash: 'h', vector: new Uint8Array(4) }))
    return transaction.addVectors({ workstreamId: 'a', model: 'm', embedded: 0, upTo: 1, rows })
  },
}

/** What any of them would change. */
async function stateOf(transaction: IndexTransaction) {
  return {
    dump: await dumpOf(transaction),
    counts: await transaction.tokenCounts('a', 'counter', [1]),
    note: await transaction.questionNote('key'),
    searched: await transaction.searchedUpTo('a', 1),
    vectors: await transaction.vectorHashes('a', 'm', [1]),
  }
}

it('knows all that writes', async () => {
  const transaction = await (await indexDir().openEmpty()).begin()
  const others = ['version', 'savepoint', 'backToSavepoint', 'hasChanged', 'commit', 'rollback']
  const reads = Object.keys(await indexDir().openEmpty())
  // Which statements they make is for the tests of query plans.
  const plans = /Quer(y|ies)$/
  const rest = Object.keys(transaction).filter((name) => ![...others, ...reads].includes(name) && !plans.test(name))
  await transaction.rollback()
  expect(rest.sort()).toEqual(Object.keys(writes).sort())
})

it.each(Object.keys(writes))('takes back what %s has written behind a savepoint, and nothing else', async (name) => {
  const transaction = await (await indexDir().openEmpty()).begin()
  await transaction.apply('a', [said(1)])
  await transaction.setHeads('a', heads)
  for (let round = 0; round < 2; round++) {
    await transaction.savepoint()
    const before = await stateOf(transaction)
    expect(transaction.hasChanged()).toBe(false)
    await writes[name]?.(transaction)
    expect(transaction.hasChanged()).toBe(true)
    expect(await stateOf(transaction)).not.toEqual(before)
    await transaction.backToSavepoint()
    expect(transaction.hasChanged()).toBe(false)
    expect(await stateOf(transaction)).toEqual(before)
  }
  await transaction.rollback()
})
