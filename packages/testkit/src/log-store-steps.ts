/** What tests of logs do all the time. */

import type { AppendEntry, LogHeads, LogStore, LogWriter, RawLine, RestoredLine } from '@arawn/core/log-store'
import type { LogName } from '@arawn/core/record'

export function appendEntry(workstreamId: string, log: LogName, ...lines: string[]): AppendEntry {
  return { workstreamId, log, lines }
}

/** Runs something under the write lock. */
export async function locked<Result>(store: LogStore, work: (writer: LogWriter) => Promise<Result>): Promise<Result> {
  const writer = await store.lock(10_000)
  try {
    return await work(writer)
  } finally {
    writer.release()
  }
}

/** Takes the lock, prepares and appends, as one commit does. */
export function appendTo(store: LogStore, ...entries: AppendEntry[]): Promise<void> {
  return locked(store, async (writer) => {
    for (const workstreamId of new Set(entries.map((entry) => entry.workstreamId))) await writer.prepare(workstreamId)
    await writer.append(entries)
  })
}

/** Takes the lock and restores, as an import of a native export does. */
export function restoreTo(
  store: LogStore,
  workstreamId: string,
  lines: AsyncIterable<RestoredLine> | readonly RestoredLine[],
): Promise<void> {
  return locked(store, (writer) => writer.restore(workstreamId, asLines(lines)))
}

export async function* asLines(
  lines: AsyncIterable<RestoredLine> | readonly RestoredLine[],
): AsyncGenerator<RestoredLine> {
  yield* lines
}

/** Copies, which outlive their batch. */
export async function rawLinesOf(
  store: LogStore,
  workstreamId: string,
  log: LogName,
  from = 0,
  to?: number,
): Promise<RawLine[]> {
  const lines: RawLine[] = []
  for await (const batch of store.read(workstreamId, log, from, to)) {
    for (const { offset, bytes } of batch) lines.push({ offset, bytes: Uint8Array.from(bytes) })
  }
  return lines
}

export async function textsOf(
  store: LogStore,
  workstreamId: string,
  log: LogName,
  from = 0,
  to?: number,
): Promise<string[]> {
  const lines = await rawLinesOf(store, workstreamId, log, from, to)
  return lines.map(({ bytes }) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
}

export function sizesOf(heads: LogHeads | undefined) {
  return (
    heads && {
      workstream: heads.workstream.bytes,
      sessions: heads.sessions.bytes,
      messages: heads.messages.bytes,
    }
  )
}

/** The error that a call ends with; undefined when it succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
    return undefined
  } catch (error) {
    return error
  }
}
