import type { WorkstreamId } from '@arawn/core/id'
import type { LogHeads, LogStore } from '@arawn/core/log-store'
import { logNames } from '@arawn/core/record'
import type { Stamp } from '@arawn/core/stamp'
import type { IndexedLine, IndexHead, IndexHeads, IndexTransaction } from '@arawn/core/workstream-index'
import { type AdoptionStamps, readAdoptions } from './adoptions.js'
import { lineHash } from './line-hash.js'
import { mergedLines } from './merged-lines.js'

export const nothingApplied: IndexHead = {
  bytes: 0,
  lines: 0,
  lastLineOffset: 0,
  lastLineHash: '',
  lastStamp: 0,
  generation: '',
}
export const noHeads: IndexHeads = {
  workstream: nothingApplied,
  sessions: nothingApplied,
  messages: nothingApplied,
}

export interface CaughtUp {
  readonly heads: IndexHeads
  /** Hand-written messages that need a `log_adopted` record now. */
  readonly adopted: readonly { first: number; last: number; stamp: Stamp }[]
  /** The least stamp of the lines that were applied now; those that are passed over do not count. */
  readonly oldest: Stamp | undefined
}

/** Whether everything in the logs has been applied, judged by size and by which file it is. */
export function isLevel(index: LogHeads | undefined, logs: LogHeads): boolean {
  return logNames.every((name) => {
    const head = index?.[name] ?? nothingApplied
    return head.bytes === logs[name].bytes && (head.bytes === 0 || head.generation === logs[name].generation)
  })
}

/** Whether the index has what the logs held at an earlier time, whatever was added since. */
export function hasAll(index: IndexHeads, earlier: LogHeads, now: LogHeads): boolean {
  return logNames.every(
    (name) =>
      index[name].bytes >= earlier[name].bytes &&
      (index[name].bytes === 0 || index[name].generation === now[name].generation),
  )
}

/** Whether the index has more than there is: a log was cut or replaced. */
export function isAhead(index: IndexHeads, now: LogHeads): boolean {
  return logNames.some((name) => index[name].bytes > now[name].bytes)
}

/**
 * Applies what the index has not seen of one workstream. A log that is not the one that was applied (shorter, or with
 * another last line) makes the workstream start afresh.
 *
 * @param stamps gives stamps to hand-written lines; without it they are left for later
 * @param onApplied is told of lines after they were applied, and waited for
 */
export async function catchUp(
  { log, transaction }: { log: LogStore; transaction: IndexTransaction },
  workstreamId: WorkstreamId,
  logs: LogHeads,
  stamps: AdoptionStamps | undefined,
  onApplied?: (lines: readonly IndexedLine[]) => Promise<void>,
): Promise<CaughtUp> {
  let from = (await transaction.heads(workstreamId)) ?? noHeads
  if (!(await continues(log, workstreamId, from, logs))) {
    await transaction.forget(workstreamId)
    from = noHeads
  }
  const range = { from, to: logs }
  const adoptions = await readAdoptions(log, workstreamId, range, stamps)
  const lines = mergedLines(log, workstreamId, { ...range, adoptions })
  let oldest: Stamp | undefined
  for (;;) {
    const next = await lines.next()
    if (next.done === true) {
      await transaction.setHeads(workstreamId, next.value)
      return { heads: next.value, adopted: adoptions.fresh(), oldest }
    }
    oldest ??= next.value.find(({ line }) => line.kind !== 'skipped')?.stamp
    await transaction.apply(workstreamId, next.value)
    await onApplied?.(next.value)
  }
}

/** Whether the last line of each log is the one that was applied last, or was followed by others. */
export async function continues(
  log: LogStore,
  workstreamId: WorkstreamId,
  from: IndexHeads,
  logs: LogHeads,
): Promise<boolean> {
  for (const name of logNames) {
    const head = from[name]
    if (head.lines === 0) continue
    if (logs[name].bytes < head.bytes) return false
    const length = head.bytes - head.lastLineOffset - 1
    const lastLine = await log.readRange(workstreamId, name, head.lastLineOffset, length)
    if (lineHash(lastLine) !== head.lastLineHash) return false
  }
  return true
}
