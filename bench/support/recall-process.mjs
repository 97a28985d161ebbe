// A process of its own that assembles contexts without recall, with it, or both in turns.
import { openManager } from './data-dir.mjs'
import { plausibleText } from './plausible-text.mjs'
import { silentModels } from './silent-models.mjs'

const [dataDir, workstream, times, which] = process.argv.slice(2)
const contexts = { without: { maxEchoTokens: 0 }, recalling: {} }
const names = which === 'both' ? Object.keys(contexts) : [which]
const managers = new Map()
for (const name of names)
  managers.set(name, await openManager(dataDir, { turns: silentModels(), context: contexts[name] }))
const took = []
for (let n = 0; n < Number(times); n++) {
  const message = `${plausibleText(20 + (n % 5) * 15)}?`
  const one = {}
  for (const [name, manager] of managers) {
    const begun = performance.now()
    const { parts } = await manager.explainContext(workstream, { message })
    one[name] = performance.now() - begun
    one.echoed = parts.find((part) => part.name === 'echoes')?.tokens ?? 0
  }
  took.push(one)
}
const rssMb = process.resourceUsage().maxRSS / 1024
for (const manager of managers.values()) await manager.close()
// The first ones are those of a process that has just begun.
process.stdout.write(JSON.stringify({ took: took.slice(50), rssMb }))
