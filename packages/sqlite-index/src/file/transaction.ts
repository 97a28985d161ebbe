import { logNames } from '@arawn/core/record'
import type { IndexReader, IndexTransaction } from '@arawn/core/workstream-index'
import type { Projection } from '../projection/apply-lines.js'
import { type Statements, workstreamTables } from '../projection/statements.js'
import type { Connection } from './connection.js'

/** The open transaction of a connection. Reads through `reader` see what it has staged. */
export function createTransaction(
  { client }: Connection,
  { reader, statements, projection }: { reader: IndexReader; statements: Statements; projection: Projection },
): IndexTransaction {
  client.exec('BEGIN IMMEDIATE')
  return {
    ...reader,
    apply: async (workstreamId, lines) => projection.apply(workstreamId, lines),
    setHeads: async (workstreamId, heads) => {
      for (const log of logNames) {
        const head = heads[log]
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
    forget: async (workstreamId) => {
      for (const [table, column] of workstreamTables)
        client.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(workstreamId)
    },
    commit: async () => {
      client.exec('COMMIT')
    },
    rollback: async () => {
      // SQLite rolls some failures back by itself.
      if (client.inTransaction) client.exec('ROLLBACK')
    },
  }
}
