import type { Database } from 'better-sqlite3'
import { indexUnusable } from '../file/file-trouble.js'

/** Every table that is a function of the logs: how to order it, and what in it is only a cache. */
const tables = [
  { name: 'workstreams', order: 'id', leaveOut: [] },
  { name: 'workstream_tags', order: 'workstream_id, tag', leaveOut: [] },
  { name: 'sessions', order: 'workstream_id, id', leaveOut: [] },
  { name: 'messages', order: 'workstream_id, sequence', leaveOut: [] },
  { name: 'import_sources', order: 'format, conversation_id, workstream_id', leaveOut: [] },
  { name: 'imported_messages', order: 'workstream_id, key', leaveOut: [] },
  { name: 'promotions', order: 'workstream_id, id', leaveOut: [] },
  { name: 'turns', order: 'workstream_id, interaction_id', leaveOut: [] },
  { name: 'summaries', order: 'workstream_id, id', leaveOut: [] },
  { name: 'compression_attempts', order: 'workstream_id, stamp, key', leaveOut: [] },
  { name: 'compression_batches', order: 'workstream_id, id', leaveOut: [] },
  { name: 'idempotency_keys', order: 'scope, key, workstream_id', leaveOut: [] },
  { name: 'log_heads', order: 'workstream_id, log', leaveOut: ['generation'] },
  { name: 'anomalies', order: 'workstream_id, log, sequence, kind', leaveOut: [] },
] as const

/** Every logical row as a line `table {"column":value,…}`, columns by name. */
export async function* dumpRows(client: Database): AsyncGenerator<string> {
  for (const { name, order, leaveOut } of tables) {
    if (!client.open) throw indexUnusable(client.name, 'it was replaced while it was read')
    const columns = columnsOf(client, name).filter((column) => !leaveOut.some((left) => left === column))
    const select = columns.map((column) => `"${column}"`).join(', ')
    // Read a piece at a time: an open cursor would keep the file from being closed when it is replaced meanwhile.
    const page = client.prepare<unknown[]>(`SELECT ${select} FROM ${name} ORDER BY ${order} LIMIT ? OFFSET ?`)
    for (let offset = 0; ; offset += PIECE_ROWS) {
      if (!client.open) throw indexUnusable(client.name, 'it was replaced while it was read')
      const rows = page.all(PIECE_ROWS, offset)
      for (const row of rows) yield `${name} ${JSON.stringify(row)}`
      if (rows.length < PIECE_ROWS) break
    }
  }
}

const PIECE_ROWS = 10_000

/** Asked for once: every index that a process opens has the same tables. */
function columnsOf(client: Database, table: string): readonly string[] {
  const columns =
    columnsByTable.get(table) ??
    client
      .prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}') ORDER BY name`)
      .all()
      .map(({ name }) => name)
  columnsByTable.set(table, columns)
  return columns
}

const columnsByTable = new Map<string, readonly string[]>()
