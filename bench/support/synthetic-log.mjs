// Writes the logs of workstreams as another process of the product would have, only faster.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { typeIds } from '@arawn/core/id'

const words = 'the index is a cache and the log is what was said so a search reads tokens while history reads bytes '
/** About 700 bytes of text: with its envelope a line of about 900. */
export const content = words.repeat(8).slice(0, 700)

let stamp = Date.UTC(2026, 0, 1) * 1000

function summaryOf(messages, timestamp) {
  const text = 'It was a long history.'
  const id = typeIds.next('sum')
  return {
    v: 1,
    stamp: ++stamp,
    type: 'workstream_summarized',
    timestamp,
    id,
    summary: text,
    coverage: [[1, messages]],
  }
}

/**
 * @param messages how many
 * @param text what each of them says
 * @param perSession messages of a session; all but the last one are over
 * @param summarized a summary of the workstream covers so many messages
 */
export function writeWorkstream(
  dataDir,
  id,
  messages,
  text = (n) => `${n} ${content}`,
  perSession = messages,
  summarized = 0,
) {
  const folder = join(dataDir, 'workstreams', id)
  mkdirSync(folder, { recursive: true })
  const timestamp = '2026-01-01T00:00:00.000Z'
  const write = (log, lines) => {
    const fd = openSync(join(folder, `${log}.jsonl`), 'a')
    let bytes = 0
    for (let chunk = []; ; ) {
      const line = lines.next()
      if (!line.done) chunk.push(JSON.stringify(line.value))
      if (chunk.length === 10_000 || (line.done && chunk.length > 0)) {
        bytes += writeSync(fd, `${chunk.join('\n')}\n`)
        chunk = []
      }
      if (line.done) break
    }
    closeSync(fd)
    return bytes
  }
  const sessions = Array.from({ length: Math.ceil(messages / perSession) }, () => typeIds.next('ses'))
  const created = { v: 1, stamp: ++stamp, type: 'workstream_created', timestamp, title: `History ${id}` }
  write('workstream', [created, ...(summarized > 0 ? [summaryOf(summarized, timestamp)] : [])].values())
  const opened = (id, n) => {
    const isOver = n < sessions.length - 1
    return { v: 1, stamp: ++stamp, type: 'session_opened', id, timestamp, ...(isOver && { imported: true }) }
  }
  write('sessions', sessions.map(opened).values())
  return write(
    'messages',
    (function* () {
      for (let n = 0; n < messages; n++)
        yield {
          v: 1,
          stamp: ++stamp,
          id: typeIds.next('msg'),
          session_id: sessions[Math.floor(n / perSession)],
          timestamp: new Date(stamp / 1000).toISOString(),
          role: n % 2 === 0 ? 'user' : 'assistant',
          content: text(n),
        }
    })(),
  )
}
