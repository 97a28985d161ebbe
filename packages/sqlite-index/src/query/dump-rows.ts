import type { Database } from 'better-sqlite3'
import { indexUnusable } from '../file/file-trouble.js'
import { rowsOf, sequenceIn } from './message-row.js'

interface DumpedTable {
  readonly name: string
  readonly order: string
  /** What in it is only a cache, or is said otherwise. */
  readonly leaveOut: readonly string[]
  /** Columns that are said otherwise, and where they are read. */
  readonly also?: Readonly<Record<string, string>>
  readonly from?: string
}

/** Every table that is a function of the logs. */
const tables: readonly DumpedTable[] = [
  { name: 'workstreams', order: 'id', leaveOut: ['number'] },
  { name: 'workstream_tags', order: 'workstream_id, tag', leaveOut: [] },
  { name: 'sessions', order: 'workstream_id, id', leaveOut: [] },
  {
    name: 'messages',
    order: 'w.id, m."row"',
    leaveOut: ['row'],
    also: { workstream_id: 'w.id', sequence: sequenceIn('m."row"') },
    // Workstreams in order, and of each its messages in order: nothing has to be sorted.
    from: `workstreams AS w CROSS JOIN messages AS m ON m."row" ${rowsOf('w.number')}`,
  },
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
]

/** Every logical row as a line `table {"column":value,…}`, columns by name. */
export async function* dumpRows(client: Database): AsyncGenerator<string> {
  for (const table of tables) {
    const { name } = table
    if (!client.open) throw indexUnusable(client.name, 'it was replaced while it was read')
    // Read a piece at a time: an open cursor would keep the file from being closed when it is replaced meanwhile.
    const page = client.prepare<unknown[]>(`${selectOf(client, table)} LIMIT ? OFFSET ?`)
    for (let offset = 0; ; offset += PIECE_ROWS) {
      if (!client.open) throw indexUnusable(client.name, 'it was replaced while it was read')
      const rows = page.all(PIECE_ROWS, offset)
      for (const row of rows) yield `${name} ${JSON.stringify(row)}`
      if (rows.length < PIECE_ROWS) break
    }
  }
}

const PIECE_ROWS = 10_000

function selectOf(client: Database, { name, order, leaveOut, also = {}, from = `${name} AS m` }: DumpedTable): string {
  const own = columnsOf(client, name).filter((column) => !leaveOut.includes(column))
  const columns = [...own.map((column) => [column, `m."${column}"`]), ...Object.entries(also)].sort()
  return `SELECT ${columns.map(([column, source]) => `${source} AS "${column}"`).join(', ')} FROM ${from} ORDER BY ${order}`
}

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
