/**
 * A process of its own that adds to an index from the built package: messages of one workstream, each in a session of its
 * own, until it is told to stop.
 *
 * argv: the index, the workstream
 */

import { decodeLine } from '@arawn/core/line'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'

const [, , path, workstreamId] = process.argv
const index = await openSqliteIndex({ path })
const head = (lines) => ({
  bytes: lines * 1_000,
  lines,
  lastLineOffset: Math.max(0, lines - 1) * 1_000,
  lastLineHash: 'hash',
  lastStamp: lines,
  generation: 'g',
})

let stopped = false
process.once('message', () => {
  stopped = true
})
for (let sequence = 1; !stopped; sequence++) {
  const transaction = await index.begin()
  const text = JSON.stringify({
    v: 1,
    stamp: sequence,
    timestamp: '2026-01-15T10:00:00.000Z',
    id: `m${sequence}`,
    session_id: `s${sequence}`,
    role: 'user',
    content: 'x',
  })
  const offset = (sequence - 1) * 1_000
  const line = {
    log: 'messages',
    sequence,
    offset,
    length: text.length,
    stamp: sequence,
    line: decodeLine('messages', text),
  }
  await transaction.apply(workstreamId, [line])
  await transaction.setHeads(workstreamId, { workstream: head(0), sessions: head(0), messages: head(sequence) })
  const [position] = (await transaction.messages({ workstreamId, limit: 1 })).items
  const rows = [{ position, saidMs: sequence, words: 'apple', parts: '' }]
  await transaction.addToSearch(1, { workstreamId, searched: sequence - 1, upTo: sequence, rows })
  await transaction.commit()
  if (sequence === 1) process.send('begun')
  await new Promise((resolve) => setImmediate(resolve))
}
await index.close()
process.disconnect()
