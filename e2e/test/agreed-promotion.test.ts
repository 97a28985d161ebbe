import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dieAtEachChange } from './die-at-each-change.js'
import { allMessages, expectWhole, openManager } from './opened.js'
import { promoting } from './processes/scripted-models.mjs'
import { tempDataDir } from './temp-data-dir.js'

const proposed = ['about bridges', '', 'Proposed "Bridges"', 'So be it.']
const agreed = ['yes, move it', '', 'Agreed.', 'So be it.']

function recordTypes(dataDir: string): string[] {
  const lines = readFileSync(join(dataDir, 'workstreams', 'scratch', 'sessions.jsonl'), 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line).type)
}

it('a promotion that was agreed on is not forgotten, whenever the process of its turn is killed', {
  timeout: 300_000,
}, async () => {
  const template = tempDataDir()
  const first = await openManager(template, promoting())
  expect(await (await first.chat({ content: 'about bridges' })).ended).toMatchObject({ status: 'ok' })
  await first.close()

  let halfway = 0
  const deaths = await dieAtEachChange(template, 'promoter.mjs', [], async (dataDir, told) => {
    const types = recordTypes(dataDir)
    const hasEnded = types.filter((type) => type === 'turn_ended').length === 2
    if (hasEnded && !types.includes('promotion_completed')) halfway++

    const manager = await openManager(dataDir)
    const left = await allMessages(manager, 'scratch')
    const [target] = (await manager.listWorkstreams({ text: 'Bridges' })).items
    const moved = target === undefined ? [] : await allMessages(manager, target.id)
    // In one place or the other, as far as it came, and moved when the turn had ended well.
    expect(Math.min(left.length, moved.length)).toBe(0)
    if (hasEnded) expect(moved).toHaveLength(8)
    if (told !== undefined) expect(told).toEqual({ status: 'ok' })
    const contents = [...left, ...moved].map(({ content }) => content)
    const whole = [...proposed, ...agreed]
    expect(contents.length).toBeGreaterThanOrEqual(proposed.length)
    for (const [n, content] of contents.entries()) expect(content.startsWith(whole[n] ?? '?'), content).toBe(true)

    await manager.endDeadTurns()
    await manager.sendMessage({ content: 'on' })
    expect((await allMessages(manager, 'scratch')).map(({ content }) => content).at(-1)).toBe('on')
    await expectWhole(manager)
    await manager.close()
  })
  expect(deaths).toBeGreaterThan(10)
  expect(halfway).toBeGreaterThan(3)
})
