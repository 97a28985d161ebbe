// Says yes to a model that wants to move the conversation out of scratch, and dies at its n-th change of the disk, or says
// that it came through.
import { dyingFileSystem } from './dying-file-system.mjs'
import { openManager } from './open-manager.mjs'
import { promoting } from './scripted-models.mjs'

const [dataDir, dieAt] = process.argv.slice(2)
const manager = await openManager(dataDir, { fileSystem: dyingFileSystem(Number(dieAt)), models: promoting() })
const turn = await manager.chat({ content: 'yes, move it' })
const { status } = await turn.ended
process.send({ status })
await manager.close()
