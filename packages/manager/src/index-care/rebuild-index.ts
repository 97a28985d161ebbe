import type { Clock } from '@arawn/core/clock'
import { hasCode } from '@arawn/core/error'
import type { WorkstreamId } from '@arawn/core/id'
import type { LogHeads, LogStore, LogWriter } from '@arawn/core/log-store'
import type { RebuildProgress, RebuildReport } from '@arawn/core/maintenance-operations'
import { logNames } from '@arawn/core/record'
import { nextStamp, type Stamp } from '@arawn/core/stamp'
import type { IndexTransaction, WorkstreamIndex } from '@arawn/core/workstream-index'
import { catchUp, continues } from '../catch-up/catch-up.js'
import { createIndexBatch } from '../commit/index-batch.js'
import { createStage } from '../commit/stage.js'
import { createStampIssuer } from '../commit/stamp-issuer.js'
import type { SearchFeed } from '../search/search-feed.js'

interface Ports {
  log: LogStore
  index: WorkstreamIndex
  clock: Clock
}

export interface RebuildOptions {
  readonly lockTimeoutMs: number
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined
  /** Makes found what is applied. Without it search follows later. */
  readonly startSearch?: ((transaction: IndexTransaction) => SearchFeed) | undefined
}

/**
 * Builds the index anew from the logs and puts it in the place of the old one.
 *
 * Most of it happens beside running writers, up to where the logs were; the rest is caught up under the write lock.
 */
export async function rebuildIndex(ports: Ports, options: RebuildOptions): Promise<RebuildReport> {
  const startedMs = ports.clock.nowMs()
  const replacement = await ports.index.startReplacement()
  const search = options.startSearch?.(replacement.transaction)
  try {
    const since = await acknowledgedUpTo(ports)
    const bytes = await applyAll(ports, replacement.transaction, { search, onProgress: options.onProgress })
    let bytesDone = 0
    await search?.finish((more) => {
      bytesDone += more
      options.onProgress?.({ phase: 'search', bytesDone, bytesTotal: bytes })
    })
    const writer = await ports.log.lock(options.lockTimeoutMs)
    try {
      await applyRest(ports, writer, replacement.transaction, since)
      const counts = await count(replacement.transaction)
      await replacement.install()
      writer.indexed()
      return { ...counts, bytes, durationMs: Math.max(0, ports.clock.nowMs() - startedMs) }
    } finally {
      writer.release()
    }
  } catch (error) {
    await replacement.discard()
    throw error
  } finally {
    await search?.end()
  }
}

/**
 * Lines up to this stamp stay: rows are committed only for what was acknowledged. Without an index that could say it, those
 * that are older than any append that may still be under way.
 */
export async function acknowledgedUpTo({ index, clock }: Pick<Ports, 'index' | 'clock'>): Promise<Stamp> {
  try {
    return await index.lastStamp()
  } catch {
    return nextStamp(0, clock.nowMs() - LONGEST_APPEND_MS)
  }
}

/** Of a disk that hangs. */
const LONGEST_APPEND_MS = 3_600_000

/** Applies everything that the logs hold now, without any lock: also lines of an append that may still fail. */
export async function applyAll(
  { log }: Pick<Ports, 'log'>,
  transaction: IndexTransaction,
  { search, onProgress }: { search?: SearchFeed | undefined } & Pick<RebuildOptions, 'onProgress'> = {},
): Promise<number> {
  const sizes = new Map<WorkstreamId, LogHeads>()
  for (const [id, logs] of await log.measureAll()) if (logs !== undefined) sizes.set(id, logs)
  const sizeOf = (logs: LogHeads) => logNames.reduce((sum, name) => sum + logs[name].bytes, 0)
  const bytesTotal = [...sizes.values()].reduce((sum, logs) => sum + sizeOf(logs), 0)
  let bytesDone = 0
  for (const [id, logs] of sizes) {
    const forget = async () => {
      search?.drop(id)
      await transaction.forget(id)
    }
    try {
      const { adopted } = await catchUp({ log, transaction }, id, logs, undefined, async (lines) => {
        await search?.take(id, lines)
        const last = lines.findLast((line) => line.log === 'messages')
        if (last !== undefined)
          onProgress?.({ phase: 'rows', bytesDone: bytesDone + last.offset + last.length, bytesTotal })
      })
      // Lines that nobody has adopted get their stamps under the lock.
      if (adopted.length > 0) await forget()
    } catch (error) {
      // It fails whoever asks for it, and nobody else.
      if (!hasCode(error, 'LOG_READ_FAILED')) throw error
      await forget()
    }
    bytesDone += sizeOf(logs)
    onProgress?.({ phase: 'rows', bytesDone, bytesTotal })
  }
  return bytesTotal
}

/**
 * Applies what came meanwhile, and adopts what was written by hand. Under the write lock.
 *
 * @param since `acknowledgedUpTo`, asked before `applyAll`
 */
export async function applyRest(
  { log, clock }: Omit<Ports, 'index'>,
  writer: LogWriter,
  transaction: IndexTransaction,
  since: Stamp,
): Promise<void> {
  await forgetTakenBack(log, transaction, since)
  const stamps = createStampIssuer()
  stamps.sawStamp(await transaction.lastStamp())
  const batch = createIndexBatch(transaction)
  const stage = createStage({ log, writer, batch }, { nowMs: clock.nowMs(), stamps })
  await stage.prepareAll()
  const entries = stage.entries()
  if (entries.length === 0) return
  await writer.append(entries)
  await stage.settle()
  await batch.applyAll()
}

/** An append has failed since, and others of the same length may stand in the place of its lines. */
async function forgetTakenBack(log: LogStore, transaction: IndexTransaction, since: Stamp): Promise<void> {
  for (const [id, heads] of await transaction.headsFrom(since + 1)) {
    try {
      const logs = await log.measure(id)
      if (logs === undefined || (await continues(log, id, heads, logs))) continue
    } catch (error) {
      // It fails whoever asks for it, and nobody else.
      if (!hasCode(error, 'LOG_READ_FAILED')) throw error
      continue
    }
    await transaction.forget(id)
  }
}

async function count(rows: IndexTransaction): Promise<Pick<RebuildReport, 'workstreams' | 'messages' | 'anomalies'>> {
  let messages = 0
  let workstreams = 0
  let after: string | undefined
  do {
    const page = await rows.workstreams({ state: 'all', limit: 1_000, after })
    for (const { message_count } of page.items) messages += message_count
    workstreams += page.items.length
    after = page.next
  } while (after !== undefined)
  return { workstreams, messages, anomalies: (await rows.anomalies()).length }
}
