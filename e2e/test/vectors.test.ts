import { byMeaning, createScriptedEmbedder, createScriptedEmbedders } from '@arawn/testkit/scripted-embedder'
import { createScriptedModel, createScriptedModels, fourCharacters } from '@arawn/testkit/scripted-model'
import { expect, it } from 'vitest'
import { killAndRestart } from './kill-and-restart.js'
import { expectWhole, openManager } from './opened.js'
import { tempDataDir } from './temp-data-dir.js'

const PORT = 'The proxy of the warehouse listens on port 8443.'
const MESSAGES = 6_000

it('vectors are complete whoever dies while they are made, and none is made for nothing', async () => {
  const dataDir = tempDataDir()
  const models = { ...createScriptedModels([createScriptedModel([''])]), counter: fourCharacters }
  const writer = await openManager(dataDir, models)
  const messages = Array.from({ length: MESSAGES }, (_, n) => ({
    key: `${n}`,
    role: 'user' as const,
    content: n === 3_000 ? PORT : `The weather of day ${n}.`,
    timestamp: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
  }))
  await writer.createWorkstream({ id: 'a', title: 'a' })
  await writer.importConversation({ source: { format: 'test', conversation_id: 'c' }, into: 'a', messages })
  await writer.compress('a')
  await writer.close()

  await killAndRestart('embedder.mjs', { kills: 10, atOnce: 2, workMs: 60 }, () => [dataDir])

  const embedder = createScriptedEmbedder(byMeaning(['proxy', 'browser'], ['weather']))
  const manager = await openManager(dataDir, models, undefined, createScriptedEmbedders(embedder))
  const made = await manager.embedDue()
  expect(made).toBeLessThan(MESSAGES)
  expect(embedder.requests.flatMap(({ texts }) => texts)).toHaveLength(made)
  await manager.levelSearch({ withinMs: 60_000 })
  const context = await manager.explainContext('a', { message: 'Whereabouts can my browser knock?' })
  expect(JSON.stringify(context.messages.at(-1))).toContain(PORT)
  await expectWhole(manager)
  expect(await manager.embedDue()).toBe(MESSAGES)
}, 120_000)
