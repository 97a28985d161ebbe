import { expect, it } from 'vitest'
import { dieAtEachChange } from './die-at-each-change.js'
import { allMessages, expectWhole, openManager } from './opened.js'
import { answering } from './processes/scripted-models.mjs'
import { tempDataDir } from './temp-data-dir.js'

const whole = ['Umbrella?', 'Let me see.', '', 'rain', 'Take one.']

async function goOn(dataDir: string, told: unknown): Promise<void> {
  const models = answering()
  const manager = await openManager(dataDir, models)
  const left = (await allMessages(manager, 'a')).map(({ content }) => content)
  // What is there is how it began; nothing is there twice.
  expect(left.slice(0, 1)).toEqual(['before'])
  expect(left.slice(1)).toEqual(whole.slice(0, left.length - 1))
  if (told !== undefined) expect(left.length).toBe(1 + whole.length)

  await manager.endDeadTurns()
  const turn = await manager.chat({ workstream: 'a', content: 'And now?' })
  expect(await turn.ended).toMatchObject({ status: 'ok' })
  const sent = JSON.stringify(models.requests[0]?.messages)
  for (const content of left) expect(sent).toContain(content)
  const after = (await allMessages(manager, 'a')).map(({ content }) => content)
  expect(after).toEqual([...left, 'And now?', 'Let me see.'])
  await expectWhole(manager)
  await manager.close()
}

it('a turn whose process is killed at any change of the disk is there as far as it came, and the next one runs', {
  timeout: 300_000,
}, async () => {
  const template = tempDataDir()
  const first = await openManager(template)
  await first.createWorkstream({ id: 'a', title: 'A' })
  await first.sendMessage({ workstream: 'a', content: 'before' })
  await first.close()
  expect(await dieAtEachChange(template, 'turner.mjs', [], goOn)).toBeGreaterThan(10)
})
