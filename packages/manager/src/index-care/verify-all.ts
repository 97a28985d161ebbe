import { hasCode } from '@arawn/core/error'
import type { VerifyProblem, VerifyReport } from '@arawn/core/maintenance-operations'
import { logNames } from '@arawn/core/record'
import type { IndexReader } from '@arawn/core/workstream-index'
import { isLevel } from '../catch-up/catch-up.js'
import type { Desk } from '../operations/desk.js'
import type { SearchCare } from '../search/search-care.js'
import { readTails } from './read-tails.js'
import { acknowledgedUpTo, applyAll, applyRest } from './rebuild-index.js'

export interface VerifyParts {
  readonly lockTimeoutMs: number
  readonly searchCare: SearchCare
}

/**
 * Looks at every byte: the logs by themselves, the index by itself, and both against each other, by building a second
 * index from the logs and comparing row by row. Nothing of what it builds stays.
 */
export async function verifyAll(desk: Desk, { lockTimeoutMs, searchCare }: VerifyParts): Promise<VerifyReport> {
  const { log, index } = desk
  const problems: VerifyProblem[] = []
  const ids = await log.listWorkstreams()
  // A writer may be in the middle of a line: what looks wrong now is looked at again when nobody writes.
  const suspects: string[] = []
  for (const id of ids) if ((await verifyLogs(desk, id)).length > 0) suspects.push(id)
  for (const problem of await index.verify())
    problems.push({ workstream_id: null, kind: 'index_unsound', problem: `${problem}; run: arawn index rebuild` })
  const { messages, leftovers } = await compareWithLogs(desk, suspects, problems, lockTimeoutMs)
  return {
    ok: problems.length === 0,
    workstreams: ids.length,
    messages,
    anomalies: await index.anomalies(),
    problems,
    search: await searchCare.progress(),
    quarantine: await readTails(log),
    leftovers,
  }
}

async function verifyLogs({ log, index }: Desk, id: string): Promise<VerifyProblem[]> {
  const problems: VerifyProblem[] = []
  try {
    for (const { log: name, tornBytes } of await log.verify(id))
      if (tornBytes > 0)
        problems.push({
          workstream_id: id,
          kind: 'torn_tail',
          problem: `${name}.jsonl of ${id} ends in ${tornBytes} bytes of an unfinished line; the next write moves them to quarantine`,
        })
    const logs = await log.measure(id)
    const heads = await index.heads(id)
    if (logs !== undefined && !isLevel(heads, logs)) {
      const ahead = heads !== undefined && logNames.some((name) => heads[name].bytes > logs[name].bytes)
      problems.push({
        workstream_id: id,
        kind: ahead ? 'index_ahead' : 'index_behind',
        problem: `the index and the logs of ${id} differ in length; the next call on it brings them level`,
      })
    }
  } catch (error) {
    if (!hasCode(error, 'LOG_READ_FAILED')) throw error
    problems.push({ workstream_id: id, kind: 'unreadable', problem: error.message })
  }
  return problems
}

/** @returns how many messages the logs hold, and what is left of work that nobody does any more */
async function compareWithLogs(
  desk: Desk,
  suspects: readonly string[],
  problems: VerifyProblem[],
  lockTimeoutMs: number,
): Promise<{ messages: number; leftovers: string[] }> {
  const { log, index } = desk
  let leftovers: string[]
  const replacement = await index.startReplacement()
  const { transaction } = replacement
  try {
    const since = await acknowledgedUpTo(desk)
    await applyAll(desk, transaction)
    const writer = await log.lock(lockTimeoutMs)
    try {
      // Whoever restores something holds the lock.
      leftovers = await log.listLeftovers()
      for (const id of suspects) problems.push(...(await verifyLogs(desk, id)))
      await applyRest(desk, writer, transaction, since)
      const difference = await firstDifference(index, transaction)
      if (difference !== undefined)
        problems.push({
          workstream_id: null,
          kind: 'index_differs',
          problem: `the index says «${difference.index}» where the logs say «${difference.logs}»; run: arawn index rebuild`,
        })
    } finally {
      writer.release()
    }
    let messages = 0
    for await (const row of transaction.dump()) if (row.startsWith('messages ')) messages++
    return { messages, leftovers }
  } finally {
    await replacement.discard()
  }
}

async function firstDifference(
  index: IndexReader,
  logs: IndexReader,
): Promise<{ index: string; logs: string } | undefined> {
  const a = index.dump()[Symbol.asyncIterator]()
  const b = logs.dump()[Symbol.asyncIterator]()
  try {
    for (;;) {
      const [left, right] = [await a.next(), await b.next()]
      if (left.done === true && right.done === true) return undefined
      if (left.value !== right.value) return { index: left.value ?? '(nothing)', logs: right.value ?? '(nothing)' }
    }
  } finally {
    await a.return?.(undefined)
    await b.return?.(undefined)
  }
}
