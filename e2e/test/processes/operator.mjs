// Does one thing to a data dir, and dies at its n-th change of the disk, or says that it came through.
import { dyingFileSystem } from './dying-file-system.mjs'
import { openManager } from './open-manager.mjs'
import { operations } from './operations.mjs'

const [dataDir, dieAt, operation] = process.argv.slice(2)
const manager = await openManager(dataDir, { fileSystem: dyingFileSystem(Number(dieAt)) })
await operations[operation](manager)
process.send('done')
await manager.close()
