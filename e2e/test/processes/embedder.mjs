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
process.send('at work')
for (;;) {
  await manager.embedDue()
  await new Promise((resolve) => setTimeout(resolve, 1))
}
