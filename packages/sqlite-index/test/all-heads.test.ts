import type { LogName } from '@arawn/core/record'
import { logNames } from '@arawn/core/record'
import { expect, it } from 'vitest'
import { headsAt, indexDir } from './open-index.js'

it('allHeads says of every workstream what heads says of each, also of logs that are not there', async () => {
  const index = await indexDir().openEmpty()
  expect(await index.allHeads()).toEqual(new Map())
  const transaction = await index.begin()
  await transaction.setHeads('a', headsAt({ workstream: 1, sessions: 2, messages: 3 }))
  await transaction.setHeads('b', headsAt({ workstream: 1, sessions: 0, messages: 0 }), ['workstream'])
  await transaction.setHeads('c', {
    ...headsAt({ workstream: 0, sessions: 0, messages: 0 }),
    messages: { ...headsAt({ workstream: 0, sessions: 0, messages: 9_000_000 }).messages, generation: '"1:2",\n\'' },
  })
  await transaction.commit()
  const all = await index.allHeads()
  expect([...all.keys()].sort()).toEqual(['a', 'b', 'c'])
  for (const [id, heads] of all) {
    const expected = await index.heads(id)
    const head = (name: LogName) => [name, { bytes: expected?.[name].bytes, generation: expected?.[name].generation }]
    expect(heads).toEqual(Object.fromEntries(logNames.map(head)))
  }
})
