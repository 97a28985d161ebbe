import type { WorkstreamId } from '@arawn/core/id'
import type { IndexTransaction } from '@arawn/core/workstream-index'
import type { Database } from 'better-sqlite3'
import { MESSAGE_POSITION, ROW_OF, ROWS_OF } from '../query/message-row.js'

interface Head {
  readonly number: number
  readonly embedded: number
}

/** What changes the tables of vectors, in the open transaction of a connection. */
export function createVectorWrites(client: Database) {
  const run = (text: string, ...values: readonly unknown[]) => client.prepare(text).run(...values)
  const headOf = (workstreamId: WorkstreamId, model: string) =>
    client
      .prepare<unknown[], Head>('SELECT number, embedded FROM cache_vector_heads WHERE workstream_id = ? AND model = ?')
      .get(workstreamId, model)
  const addVectors: IndexTransaction['addVectors'] = async ({ workstreamId, model, embedded, upTo, rows }) => {
    const applied = client
      .prepare<unknown[], { lines: number }>(`SELECT lines FROM log_heads WHERE workstream_id = ? AND log = 'messages'`)
      .get(workstreamId)?.lines
    if ((headOf(workstreamId, model)?.embedded ?? 0) !== embedded || (applied ?? 0) < upTo) return false
    const position = client.prepare<unknown[], { stamp: number; offset: number; length: number }>(MESSAGE_POSITION)
    const isSame = rows.every(({ position: { sequence, stamp, offset, length } }) => {
      const now = position.get(workstreamId, sequence)
      return now?.stamp === stamp && now.offset === offset && now.length === length
    })
    if (!isSame) return false
    run(
      `INSERT INTO cache_vector_heads (workstream_id, model, embedded) VALUES (?, ?, ?)
         ON CONFLICT (workstream_id, model) DO UPDATE SET embedded = excluded.embedded`,
      ...[workstreamId, model, upTo],
    )
    const number = headOf(workstreamId, model)?.number
    for (const { position, hash, vector } of rows)
      run(
        `INSERT OR REPLACE INTO cache_vectors ("row", hash, vector) VALUES (${ROW_OF}, ?, ?)`,
        ...[number, position.sequence, hash, vector],
      )
    return true
  }

  return {
    addVectors,
    forgetVectors(workstreamId: WorkstreamId): void {
      const numbers = client
        .prepare<unknown[], { number: number }>('SELECT number FROM cache_vector_heads WHERE workstream_id = ?')
        .all(workstreamId)
      for (const { number } of numbers) run(`DELETE FROM cache_vectors WHERE "row" ${ROWS_OF}`, number, number)
      run('DELETE FROM cache_vector_heads WHERE workstream_id = ?', workstreamId)
    },
  }
}
