import { logNames } from '@arawn/core/record'
import type { IndexReader, IndexTransaction } from '@arawn/core/workstream-index'
import { createQuestionNoteWrites } from '../cache/question-notes.js'
import { createVectorWrites } from '../cache/vector-writes.js'
import { createProjection } from '../projection/apply-lines.js'
import { prepareStatements, workstreamTables } from '../projection/statements.js'
import { createSearchWrites } from '../search/search-writes.js'
import type { Connection } from './connection.js'

/**
 * Begins the transactions of a connection, one after the other: each is the same object.
 *
 * @param identity which opening of which file this is
 * @param reader of the same connection: it sees what is staged
 */
export function createTransactions(
  { client }: Connection,
  { identity, reader }: { identity: string; reader: IndexReader },
): () => IndexTransaction {
  const statements = prepareStatements(client)
  const projection = createProjection(statements)
  const searchWrites = createSearchWrites(client)
  const questionNoteWrites = createQuestionNoteWrites(client)
  const vectorWrites = createVectorWrites(client)
  let hasChanged = false
  let savepoint: 'none' | 'asked for' | 'set' = 'none'

  /** Before anything is written. A savepoint that nothing follows is never set: most groups write their rows later. */
  function change(): void {
    hasChanged = true
    if (savepoint !== 'asked for') return
    statements.savepoint.run()
    savepoint = 'set'
  }

  const transaction: IndexTransaction = {
    ...reader,
    keepQuestionNote: async (key, note) => {
      change()
      await questionNoteWrites.keepQuestionNote(key, note)
    },
    addVectors: async (addition) => {
      change()
      return vectorWrites.addVectors(addition)
    },
    apply: async (workstreamId, lines) => {
      change()
      projection.apply(workstreamId, lines)
    },
    version: async () => `${identity} ${statements.dataVersion.get()?.data_version}`,
    setHeads: async (workstreamId, heads, changed = logNames) => {
      change()
      for (const log of changed) {
        const head = heads[log]
        if (head.lines === 0) {
          statements.removeHead.run(workstreamId, log)
          continue
        }
        statements.setHead.run(
          workstreamId,
          log,
          head.bytes,
          head.lines,
          head.lastLineOffset,
          head.lastLineHash,
          head.lastStamp,
          head.generation,
        )
      }
    },
    addToSearch: async (analyzerVersion, addition) => {
      change()
      return searchWrites.add(analyzerVersion, addition)
    },
    keepTokenCounts: async (workstreamId, counter, counts) => {
      change()
      for (const [sequence, tokens] of counts) statements.keepTokenCount.run(workstreamId, counter, sequence, tokens)
    },
    forget: async (workstreamId) => {
      change()
      searchWrites.forget(workstreamId)
      vectorWrites.forgetVectors(workstreamId)
      const number = statements.workstream.get(workstreamId)?.number
      if (number !== undefined) statements.forgetMessages.run(number, number)
      for (const [table, column] of workstreamTables)
        client.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(workstreamId)
    },
    savepoint: async () => {
      if (savepoint === 'set') statements.releaseSavepoint.run()
      savepoint = 'asked for'
      hasChanged = false
    },
    backToSavepoint: async () => {
      // SQLite may have rolled all of it back by itself: that has to show.
      if (savepoint === 'set' || !client.inTransaction) statements.backToSavepoint.run()
      hasChanged = false
    },
    hasChanged: () => hasChanged,
    commit: async () => {
      statements.commit.run()
    },
    rollback: async () => {
      // SQLite rolls some failures back by itself.
      if (client.inTransaction) statements.rollback.run()
    },
  }

  return () => {
    statements.begin.run()
    hasChanged = false
    savepoint = 'none'
    return transaction
  }
}
