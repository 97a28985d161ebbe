import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { logNames } from '@arawn/core/record'
import { eventTypeOf, isEventRecord, type WorkstreamEvent } from '@arawn/core/workstream-event'

/** What the logs say has happened, read without store, index or manager: one text for each event, in order. */
export function eventsInLogs(workstreamsDir: string): string[] {
  const found: { stamp: number; id: string; log: number; sequence: number; text: string }[] = []
  for (const id of readdirSync(workstreamsDir).filter((name) => !name.startsWith('.'))) {
    const adopted = new Map<number, number>()
    for (const [log, name] of logNames.entries()) {
      let last = 0
      for (const [place, line] of linesOf(path.join(workstreamsDir, id, `${name}.jsonl`)).entries()) {
        const record = parse(line)
        if (record === undefined) continue
        const sequence = place + 1
        const { stamp = adopted.get(sequence) ?? 0, type = 'message' } = record
        last = Math.max(last, stamp)
        if (type === 'log_adopted')
          for (let n = record.first_sequence; n <= record.last_sequence; n++) adopted.set(n, stamp)
        if (type !== 'message' && !isEventRecord(record)) continue
        const event = type === 'message' ? 'message.created' : eventTypeOf(record)
        found.push({ stamp: last, id, log, sequence, text: `${last} ${id} ${event} ${record.content ?? ''}` })
      }
    }
  }
  found.sort((a, b) => a.stamp - b.stamp || compare(a.id, b.id) || a.log - b.log || a.sequence - b.sequence)
  return found.map(({ text }) => text)
}

/** An event as `eventsInLogs` has it. */
export function eventText(event: WorkstreamEvent): string {
  const content = event.type === 'message.created' ? event.message.content : ''
  return `${event.stamp} ${event.workstream_id} ${event.type} ${content}`
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
}

function parse(line: string) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
