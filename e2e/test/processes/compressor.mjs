// Compresses a workstream, and dies at its n-th change of the disk, or says that it came through.
import { dyingFileSystem } from './dying-file-system.mjs'
import { openManager } from './open-manager.mjs'
import { answering } from './scripted-models.mjs'

const [dataDir, dieAt] = process.argv.slice(2)
const manager = await openManager(dataDir, { fileSystem: dyingFileSystem(Number(dieAt)), models: answering() })
const { made } = await manager.compress('a')
process.send({ made: made.length })
await manager.close()
