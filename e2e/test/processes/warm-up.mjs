// Does a little of what the other scripts do, then keeps what V8 has compiled for it.
import { mkdirSync } from 'node:fs'
import { batching } from './batching.mjs'
import { keepCompiled } from './load-library.cjs'
import { openManager } from './open-manager.mjs'
import { operations } from './operations.mjs'
import { answering } from './scripted-models.mjs'

const [dataDir] = process.argv.slice(2)
mkdirSync(dataDir)
const manager = await openManager(dataDir, { models: answering() })
await manager.createWorkstream({ id: 'a' })
for (const workstream of ['a', 'scratch']) await manager.sendMessage({ workstream, content: 'Umbrella?' })
const turn = await manager.chat({ workstream: 'a', content: 'And now?' })
await turn.ended
await manager.endSession('a')
await manager.compress('a')
for (const operate of Object.values(operations)) await operate(manager).catch(() => {})
await manager.close()
await batching('http://127.0.0.1:9', 'key').open('cheap')
keepCompiled()
