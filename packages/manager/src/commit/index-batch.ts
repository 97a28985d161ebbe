import type { WorkstreamId } from '@arawn/core/id'
import { type LogName, logNames } from '@arawn/core/record'
import type { IndexedLine, IndexHeads, IndexTransaction } from '@arawn/core/workstream-index'
import { lineHash } from '../catch-up/line-hash.js'

/**
 * Rows that the index still owes: their lines are on disk. Making and committing rows costs about as much for one
 * line as for fifty, so the groups of one hold of the lock share a transaction.
 */
export interface IndexBatch {
  /** Another one after each commit. */
  readonly transaction: IndexTransaction
  /** How many lines have no rows yet. */
  lines(): number
  /** Takes over the lines of one workstream that were appended, and how far its logs go with them. */
  owe(workstreamId: WorkstreamId, appended: Appended): void
  /** Makes the rows of one workstream. Whoever reads or replaces rows in the transaction asks for this before. */
  apply(workstreamId: WorkstreamId): Promise<void>
  applyAll(): Promise<void>
  /** Makes all rows and commits them; what is owed later goes into the transaction that `next` begins. */
  commitAndGoOn(next: () => Promise<IndexTransaction>): Promise<void>
  /** A group begins. */
  begin(): Promise<void>
  /** The group has failed before it owed anything: what it applied and changed is as it was when it began. */
  undo(): Promise<void>
}

export interface Appended {
  /** Those that are not applied yet, in order. */
  readonly lines: readonly IndexedLine[]
  readonly heads: IndexHeads
  /** The last line of each log that was written. */
  readonly last: Partial<Record<LogName, string>>
}

interface Debt {
  lines: IndexedLine[]
  heads: IndexHeads
  last: Partial<Record<LogName, string>>
}

export function createIndexBatch(first: IndexTransaction): IndexBatch {
  let transaction = first
  const debts = new Map<WorkstreamId, Debt>()
  let owed = 0
  /** Debts of earlier groups that this one had applied. */
  let paid: [WorkstreamId, Debt][] = []

  async function apply(workstreamId: WorkstreamId): Promise<void> {
    const debt = debts.get(workstreamId)
    if (debt === undefined) return
    debts.delete(workstreamId)
    paid.push([workstreamId, debt])
    owed -= debt.lines.length
    await transaction.apply(workstreamId, debt.lines)
    const written = logNames.filter((name) => debt.last[name] !== undefined)
    await transaction.setHeads(workstreamId, withHashes(debt), written)
  }

  async function applyAll(): Promise<void> {
    for (const workstreamId of [...debts.keys()]) await apply(workstreamId)
  }

  return {
    get transaction() {
      return transaction
    },
    lines: () => owed,
    owe(workstreamId, { lines, heads, last }) {
      owed += lines.length
      const debt = debts.get(workstreamId)
      if (debt === undefined) debts.set(workstreamId, { lines: [...lines], heads, last: { ...last } })
      else {
        for (const line of lines) debt.lines.push(line)
        debt.heads = heads
        Object.assign(debt.last, last)
      }
    },
    apply,
    applyAll,
    commitAndGoOn: async (next) => {
      await applyAll()
      await transaction.commit()
      paid = []
      transaction = await next()
    },
    begin: async () => {
      paid = []
      await transaction.savepoint()
    },
    undo: async () => {
      await transaction.backToSavepoint()
      for (const [workstreamId, debt] of paid) {
        debts.set(workstreamId, debt)
        owed += debt.lines.length
      }
      paid = []
    },
  }
}

function withHashes({ heads, last }: Debt): IndexHeads {
  const hashed = (name: LogName) => {
    const line = last[name]
    return line === undefined ? heads[name] : { ...heads[name], lastLineHash: lineHash(line) }
  }
  return { workstream: hashed('workstream'), sessions: hashed('sessions'), messages: hashed('messages') }
}
