import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { indexDir } from './open-index.js'

const HOUR_MS = 3_600_000

/** As if it had been written an hour ago. */
function age(path: string): void {
  const then = new Date(Date.now() - HOUR_MS)
  utimesSync(path, then, then)
}

describe('what a killed rebuild left behind', () => {
  it('is removed by the next one, with its journal', async () => {
    const dir = indexDir()
    const dead = `${dir.path}.dead.building`
    writeFileSync(dead, 'half of a database')
    writeFileSync(`${dead}-journal`, '')
    age(dead)
    await dir.openEmpty()
    expect([existsSync(dead), existsSync(`${dead}-journal`)]).toEqual([false, false])
  })

  it('stays while it may be somebody at work: young, or locked', async () => {
    const dir = indexDir()
    const young = `${dir.path}.young.building`
    writeFileSync(young, '')
    const slow = await dir.open()
    const replacement = await slow.startReplacement()
    const folder = dirname(dir.path)
    for (const name of readdirSync(folder))
      if (name.endsWith('.building') && !name.includes('young')) age(join(folder, name))
    await dir.openEmpty()
    expect(existsSync(young)).toBe(true)
    await replacement.install()
    expect(slow.condition()).toBe('current')
  })

  it('is told apart from files of other names', async () => {
    const dir = indexDir()
    const other = `${dir.path}-other.building`
    writeFileSync(other, '')
    age(other)
    await dir.openEmpty()
    expect(existsSync(other)).toBe(true)
  })
})
