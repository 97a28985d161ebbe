import { hasCode, WorkstreamError } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { AppendEntry, LogStore, LogWriter } from '@arawn/core/log-store'
import { type LogName, logNames } from '@arawn/core/record'
import type { Stamp } from '@arawn/core/stamp'
import type { IndexedLine, IndexHeads, IndexReader } from '@arawn/core/workstream-index'
import type { DecidedRecord } from '@arawn/engine/decision'
import { activeSession } from '@arawn/engine/session-decisions'
import { catchUp, isLevel, noHeads } from '../catch-up/catch-up.js'
import { adoption, arrival } from './announcements.js'
import type { Remembered } from './commit-memory.js'
import type { IndexBatch } from './index-batch.js'
import { stageLines } from './stage-lines.js'
import type { StampIssuer } from './stamp-issuer.js'
import { type Standing, withActivity } from './standing.js'

/**
 * What one group of requests is about to write. Each request sees what those before it staged; the logs see nothing
 * until the whole group is appended.
 */
export interface Stage {
  /** Makes sure that the index has all that is in this workstream's logs. False when there is no such workstream. */
  prepare(workstreamId: WorkstreamId): Promise<boolean>
  /** The same for every workstream, and forgets those that are gone. */
  prepareAll(): Promise<void>
  /** Applies a workstream's logs from the beginning, for an index that is found to be wrong about them. */
  reapply(workstreamId: WorkstreamId): Promise<void>
  /** Looks at a workstream once more, after it was moved in or out. */
  lookAgain(workstreamId: WorkstreamId): Promise<void>
  /** The rows, with everything staged so far. */
  rows(): Promise<IndexReader>
  /** What a new message needs to know; kept between the requests of a group. */
  standing(workstreamId: WorkstreamId): Promise<Standing>
  /** @returns the sequence of each record in its log */
  add(workstreamId: WorkstreamId, records: readonly DecidedRecord[]): number[]
  entries(): AppendEntry[]
  /** Whether `entries` make a workstream that was not there. */
  creates(): boolean
  /** After the append: hands what it wrote to the batch. */
  settle(): Promise<void>
}

interface Live {
  heads: IndexHeads
  /** Applied to the rows when somebody looks, at the latest before the commit. */
  unapplied: IndexedLine[]
  lines: Record<LogName, string[]>
  standing: Standing | undefined
  /** It had no folder when it was prepared. */
  isNew: boolean
}

interface StageContext {
  readonly stamps: StampIssuer
  readonly nowMs: number
  readonly remembered?: Remembered
  /**
   * The last stamp that others see in the index. Who follows may have gone as far: older lines that turn up now are
   * announced. Without it, as in a rebuild, nothing is new.
   */
  readonly shownUpTo?: Stamp
}

export function createStage(
  ports: { log: LogStore; writer: LogWriter; batch: IndexBatch },
  { stamps, nowMs, remembered, shownUpTo }: StageContext,
): Stage {
  const { log, writer, batch } = ports
  const touched = new Map<WorkstreamId, Live>()
  const adopting = { next: () => stamps.next(nowMs), saw: stamps.sawStamp }

  function live(id: WorkstreamId): Live {
    const found = touched.get(id)
    if (found === undefined)
      throw new WorkstreamError('INTERNAL', `workstream ${id} was not prepared`, { problem: 'not prepared' })
    return found
  }

  async function prepare(id: WorkstreamId, afresh = false): Promise<boolean> {
    const found = touched.get(id)
    if (found !== undefined) return found.heads !== noHeads
    const logs = await writer.prepare(id)
    const before = remembered?.workstreams.get(id)
    const heads = before?.heads ?? (await batch.transaction.heads(id))
    const fresh: Live = {
      heads: noHeads,
      unapplied: [],
      lines: { workstream: [], sessions: [], messages: [] },
      standing: undefined,
      isNew: false,
    }
    touched.set(id, fresh)
    if (logs === undefined) {
      fresh.isNew = true
      await batch.apply(id)
      if (heads !== undefined || (await batch.transaction.heads(id)) !== undefined) await forget(id)
      return false
    }
    if (!afresh && heads !== undefined && isLevel(heads, logs)) {
      fresh.heads = heads
      fresh.standing = before?.standing
      return true
    }
    await batch.apply(id)
    if (afresh) await batch.transaction.forget(id)
    const caughtUp = await catchUp({ log, transaction: batch.transaction }, id, logs, adopting)
    for (const name of logNames) stamps.sawStamp(caughtUp.heads[name].lastStamp)
    fresh.heads = caughtUp.heads
    remembered?.workstreams.set(id, { heads: caughtUp.heads, standing: undefined })
    const announced = caughtUp.adopted.map(({ first, last, stamp }) => adoption(first, last, stamp, nowMs))
    if (shownUpTo !== undefined && caughtUp.oldest !== undefined && caughtUp.oldest <= shownUpTo)
      announced.push(arrival(stamps.next(nowMs), nowMs))
    add(id, announced)
    return true
  }

  async function apply(id: WorkstreamId, staged: Live): Promise<void> {
    await batch.apply(id)
    if (staged.unapplied.length === 0) return
    const lines = staged.unapplied
    staged.unapplied = []
    await batch.transaction.apply(id, lines)
  }

  async function applyAll(): Promise<void> {
    await batch.applyAll()
    for (const [id, staged] of touched) await apply(id, staged)
  }

  function add(id: WorkstreamId, records: readonly DecidedRecord[]): number[] {
    const staged = live(id)
    const { lines, heads } = stageLines(id, staged.heads, records)
    for (const { indexed, text } of lines) {
      staged.unapplied.push(indexed)
      staged.lines[indexed.log].push(text)
      const { line } = indexed
      if (line.kind !== 'message') staged.standing = undefined
      else staged.standing = withActivity(staged.standing, line.message.session_id, indexed.stamp)
    }
    staged.heads = heads
    return lines.map(({ indexed }) => indexed.sequence)
  }

  async function prepareAll(): Promise<void> {
    const indexed = await batch.transaction.allHeads()
    for (const [id, logs] of await log.measureAll()) {
      try {
        if (logs !== undefined && !isLevel(indexed.get(id), logs)) await prepare(id)
      } catch (error) {
        // One that cannot be read fails whoever asks for it, and nobody else. Half of it may be applied.
        if (!hasCode(error, 'LOG_READ_FAILED')) throw error
        if (touched.delete(id)) await forget(id)
      }
      indexed.delete(id)
    }
    for (const gone of indexed.keys()) await forget(gone)
  }

  /** Its folder may come back just as it was, which looks as if nothing had happened. */
  async function forget(id: WorkstreamId): Promise<void> {
    remembered?.workstreams.delete(id)
    await batch.transaction.forget(id)
  }

  return {
    prepare,
    prepareAll,
    reapply: async (id) => {
      await prepare(id, true)
    },
    lookAgain: async (id) => {
      // What was known of it was true of the folder that was there before.
      touched.delete(id)
      remembered?.workstreams.delete(id)
      await prepare(id)
    },
    rows: async () => {
      await applyAll()
      return batch.transaction
    },
    standing: async (id) => {
      const staged = live(id)
      if (staged.standing === undefined) {
        await apply(id, staged)
        const active = await batch.transaction.activeSession(id)
        staged.standing = {
          workstream: await batch.transaction.workstream(id),
          activeSession: active && activeSession(active),
        }
      }
      return staged.standing
    },
    add,
    entries: () => {
      const entries: AppendEntry[] = []
      for (const [workstreamId, { lines }] of touched)
        for (const log of writtenLogs(lines)) entries.push({ workstreamId, log, lines: lines[log] })
      return entries
    },
    creates: () => [...touched.values()].some(({ isNew, lines }) => isNew && lines.workstream.length > 0),
    settle: async () => {
      for (const [id, staged] of touched) {
        const { lines, unapplied, standing } = staged
        if (writtenLogs(lines).length === 0) continue
        const heads = await withGenerations(log, id, staged)
        batch.owe(id, { lines: unapplied, heads, last: lastLines(lines) })
        remembered?.workstreams.set(id, { heads, standing })
      }
    },
  }
}

function writtenLogs(lines: Live['lines']): readonly LogName[] {
  return logNames.filter((name) => lines[name].length > 0)
}

function lastLines(lines: Live['lines']): Partial<Record<LogName, string>> {
  const last: Partial<Record<LogName, string>> = {}
  for (const name of logNames) {
    const line = lines[name].at(-1)
    if (line !== undefined) last[name] = line
  }
  return last
}

/** Which files the logs are is known of all but those that were just created. */
async function withGenerations(log: LogStore, id: WorkstreamId, { heads, lines }: Live): Promise<IndexHeads> {
  const created = logNames.some((name) => lines[name].length > 0 && heads[name].generation === '')
  const logs = created ? await log.measure(id) : undefined
  if (logs === undefined) return heads
  const known = (name: LogName) => ({ ...heads[name], generation: logs[name].generation })
  return { workstream: known('workstream'), sessions: known('sessions'), messages: known('messages') }
}
