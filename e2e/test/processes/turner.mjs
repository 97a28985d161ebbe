// Runs one turn with a tool call, and dies at its n-th change of the disk, or says that it came through.
import { dyingFileSystem } from './dying-file-system.mjs'
import { openManager } from './open-manager.mjs'
import { answering } from './scripted-models.mjs'

const [dataDir, dieAt] = process.argv.slice(2)
const manager = await openManager(dataDir, { fileSystem: dyingFileSystem(Number(dieAt)), models: answering() })
const turn = await manager.chat({
  workstream: 'a',
  content: 'Umbrella?',
  tools: { weather: { inputSchema: { jsonSchema: { type: 'object' } }, execute: () => 'rain' } },
})
const { status } = await turn.ended
process.send({ status, interactionId: turn.interaction_id })
await manager.close()
