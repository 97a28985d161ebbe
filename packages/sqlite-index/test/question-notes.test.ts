import { describe, expect, it } from 'vitest'
import { indexDir } from './open-index.js'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('what models made of questions', () => {
  it('is kept by its key, and replaced by what comes later', async () => {
    const dir = indexDir()
    const index = await dir.openEmpty()
    const transaction = await index.begin()
    await transaction.keepQuestionNote('a', bytes('one'))
    await transaction.keepQuestionNote('b', bytes('two'))
    await transaction.keepQuestionNote('a', bytes('three'))
    expect(await index.questionNote('a')).toBeUndefined()
    await transaction.commit()
    const again = await dir.open()
    expect(Buffer.from((await again.questionNote('a')) ?? [])).toEqual(Buffer.from('three'))
    expect(Buffer.from((await again.questionNote('b')) ?? [])).toEqual(Buffer.from('two'))
    expect(await again.questionNote('c')).toBeUndefined()
  })

  it('is forgotten when there are 10,000 that are newer', async () => {
    const index = await indexDir().openEmpty()
    const transaction = await index.begin()
    for (let n = 0; n < 10_005; n++) await transaction.keepQuestionNote(`key ${n}`, bytes('x'))
    await transaction.commit()
    const known = await Promise.all([0, 4, 5, 10_004].map((n) => index.questionNote(`key ${n}`)))
    expect(known.map((note) => note !== undefined)).toEqual([false, false, true, true])
  })

  it('is no part of a dump, and of no other index', async () => {
    const index = await indexDir().openEmpty()
    const before = await rowsOf(index.dump())
    const transaction = await index.begin()
    await transaction.keepQuestionNote('a', bytes('one'))
    await transaction.commit()
    expect(await rowsOf(index.dump())).toEqual(before)
    const replacement = await index.startReplacement()
    await replacement.install()
    expect(await index.questionNote('a')).toBeUndefined()
  })
})

async function rowsOf(dump: AsyncIterable<string>): Promise<string[]> {
  const rows: string[] = []
  for await (const row of dump) rows.push(row)
  return rows
}
