// Hands work to a provider, then collects it as the next process would, and dies at its n-th change of the disk, or says
// that it came through.
import { basename } from 'node:path'
import { batching, compression } from './batching.mjs'
import { dyingFileSystem } from './dying-file-system.mjs'
import { openManager } from './open-manager.mjs'

const [dataDir, dieAt, baseUrl] = process.argv.slice(2)
const fileSystem = dyingFileSystem(Number(dieAt))
const models = batching(baseUrl, basename(dataDir))
const made = []
for (const _ of ['submit', 'collect']) {
  const manager = await openManager(dataDir, { fileSystem, models, compression })
  made.push(await manager.compressDue())
  await manager.close()
}
process.send({ made })
