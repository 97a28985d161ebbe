// Writes until it is killed. Every acknowledgement is noted in a file of its own before the next call.
import { openSync, writeSync } from 'node:fs'
import { openManager } from './open-manager.mjs'

const [dataDir, ackFile, sender] = process.argv.slice(2)
const manager = await openManager(dataDir)
const acks = openSync(ackFile, 'a')
const workstreams = ['alpha', 'beta', 'gamma', 'scratch']
let count = 0
let told = false

/** One sender: its messages to one workstream are told in order. */
async function send(name) {
  for (;;) {
    for (const workstream of workstreams) {
      const content = `${name}:${++count}`
      const { id } =
        count % 7 === 0
          ? await manager.pushAgentMessage({ workstream, content, author: name })
          : await manager.sendMessage({ workstream, content })
      writeSync(acks, `${JSON.stringify({ workstream, id, name, count: Number(content.split(':')[1]) })}\n`)
      if (!told) process.send('writing')
      told = true
    }
  }
}

async function change() {
  for (let n = 0; ; n++) {
    await manager.updateWorkstream(workstreams[n % 3], { metadata: { n, sender } })
    await manager.endSession(workstreams[n % 4]).catch(ignore('SESSION_NOT_ACTIVE'))
    if (n % 10 === 0) await manager.createWorkstream({ title: `by ${sender}`, tags: [sender] })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function ignore(code) {
  return (error) => {
    if (error.code !== code) throw error
  }
}

process.on('unhandledRejection', (error) => {
  console.error(error)
  process.exit(1)
})
await Promise.all([send(`${sender}a`), send(`${sender}b`), change()])
