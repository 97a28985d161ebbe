// Waits for an event that never comes, and has nothing else to do: the process ends by itself.
import { openManager } from './open-manager.mjs'

const [dataDir] = process.argv.slice(2)
const manager = await openManager(dataDir)
manager.subscribe().next()
setTimeout(() => console.log('waited'), 300)
