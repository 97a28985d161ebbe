// Makes vectors until it is killed, or until there are none to make.
import { byMeaning, createScriptedEmbedder, createScriptedEmbedders } from '@arawn/testkit/scripted-embedder'
import { createScriptedModel, createScriptedModels, fourCharacters } from '@arawn/testkit/scripted-model'
import { openManager } from './open-manager.mjs'

const [dataDir] = process.argv.slice(2)
const manager = await openManager(dataDir, {
  models: { ...createScriptedModels([createScriptedModel([''])]), counter: fourCharacters },
  embedders: createScriptedEmbedders(createScriptedEmbedder(byMeaning(['proxy', 'browser'], ['weather']))),
  recall: { embeddingModel: 'embedder' },
})
// Whoever is killed has made some, however busy the machine is.
let made = 0
for (let n = 0; made === 0 && n < 20; n++) made = await manager.embedDue({ withinMs: 20 })
process.send('at work')
for (;;) {
  await manager.embedDue()
  await new Promise((resolve) => setTimeout(resolve, 1))
}
