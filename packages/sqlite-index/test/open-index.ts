import path from 'node:path'
import type { DecodedLine } from '@arawn/core/line'
import { decodeLine } from '@arawn/core/line'
import type { LogName } from '@arawn/core/record'
import type { IndexedLine, IndexHeads, IndexReader, WorkstreamIndex } from '@arawn/core/workstream-index'
import { openSqliteIndex } from '@arawn/sqlite-index/sqlite-index'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { onTestFinished } from 'vitest'

export interface IndexDir {
  readonly path: string
  open(): Promise<WorkstreamIndex>
  /** Opens one that is there and empty. */
  openEmpty(): Promise<WorkstreamIndex>
}

/** A place for an index, for one test. */
export function indexDir(): IndexDir {
  const temp = makeTempDir()
  const opened: WorkstreamIndex[] = []
  onTestFinished(async () => {
    await Promise.all(opened.map((index) => index.close()))
    temp.dispose()
  })
  const location = path.join(temp.path, 'index.db')
  async function open(): Promise<WorkstreamIndex> {
    const index = await openSqliteIndex({ path: location })
    opened.push(index)
    return index
  }
  return {
    path: location,
    open,
    async openEmpty() {
      const index = await open()
      const replacement = await index.startReplacement()
      await replacement.install()
      return index
    },
  }
}

/** A record as a log's reader gives it. */
export function indexedLine(log: LogName, sequence: number, stamp: number, record: object | string): IndexedLine {
  const text = typeof record === 'string' ? record : JSON.stringify(record)
  const line: DecodedLine = decodeLine(log, text)
  return { log, sequence, offset: (sequence - 1) * 1_000, length: text.length, stamp, line }
}

/** A message, one of many alike. */
export function said(sequence: number): IndexedLine {
  return indexedLine('messages', sequence, sequence, {
    v: 1,
    id: `msg_${sequence}`,
    session_id: 'ses_1',
    stamp: sequence,
    timestamp: '2026-11-21T10:00:00.000Z',
    role: 'user',
    content: 'hello',
  })
}

export function headsAt(lines: { workstream: number; sessions: number; messages: number }): IndexHeads {
  const head = (count: number) => ({
    bytes: count * 1_000,
    lines: count,
    lastLineOffset: Math.max(0, count - 1) * 1_000,
    lastLineHash: 'hash',
    lastStamp: count,
    generation: 'g',
  })
  return { workstream: head(lines.workstream), sessions: head(lines.sessions), messages: head(lines.messages) }
}

export async function dumpOf(reader: IndexReader): Promise<string[]> {
  const rows: string[] = []
  for await (const row of reader.dump()) rows.push(row)
  return rows
}
