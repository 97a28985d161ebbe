import { logNames } from '@arawn/core/record'
import type { IndexReader, IndexTransaction } from '@arawn/core/workstream-index'
import { createQuestionNoteWrites } from '../cache/question-notes.js'
import { createVectorWrites } from '../cache/vector-writes.js'
import type { Projection } from '../projection/apply-lines.js'
import { type Statements, workstreamTables } from '../projection/statements.js'
import { createSearchWrites } from '../search/search-writes.js'
import type { Connection } from './connection.js'

export interface TransactionParts {
  /** Which opening of which file this is. */
  readonly identity: string
  readonly reader: IndexReader
  readonly statements: Statements
  readonly projection: Projection
}

/** The open transaction of a connection. Reads through `reader` see what it has staged. */
export function createTransaction(
  { client }: Connection,
  { identity, reader, statements, projection }: TransactionParts,
): IndexTransaction {
  statements.begin.run()
  let hasSavepoint = false
  const searchWrites = createSearchWrites(client)
  const vectorWrites = createVectorWrites(client)
  return {
    ...reader,
    ...createQuestionNoteWrites(client),
    addVectors: vectorWrites.addVectors,
    apply: async (workstreamId, lines) => projection.apply(workstreamId, lines),
    version: async () => `${identity} ${statements.dataVersion.get()?.data_version}`,
    setHeads: async (workstreamId, heads, changed = logNames) => {
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
    addToSearch: async (analyzerVersion, addition) => searchWrites.add(analyzerVersion, addition),
    keepTokenCounts: async (workstreamId, counter, counts) => {
      for (const [sequence, tokens] of counts) statements.keepTokenCount.run(workstreamId, counter, sequence, tokens)
    },
    forget: async (workstreamId) => {
      searchWrites.forget(workstreamId)
      vectorWrites.forgetVectors(workstreamId)
      for (const [table, column] of workstreamTables)
        client.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(workstreamId)
    },
    savepoint: async () => {
      if (hasSavepoint) statements.releaseSavepoint.run()
      statements.savepoint.run()
      hasSavepoint = true
    },
    backToSavepoint: async () => {
      statements.backToSavepoint.run()
    },
    commit: async () => {
      statements.commit.run()
    },
    rollback: async () => {
      // SQLite rolls some failures back by itself.
      if (client.inTransaction) statements.rollback.run()
    },
  }
}
