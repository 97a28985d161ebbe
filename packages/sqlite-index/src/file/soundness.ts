import type { Database } from 'better-sqlite3'

// A check of every page takes about 3 ms a MiB; above this size it is left to `doctor`.
const CHECK_PAGES_UP_TO_BYTES = 4 * 1024 * 1024

/**
 * What is broken in an index, judged by itself: pages that do not fit together, or another number of message rows
 * than its heads say were applied. Empty when it is sound.
 */
export function findUnsoundness(client: Database, { thorough }: { thorough: boolean }): string[] {
  const size = client
    .prepare<[], { bytes: number }>('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get()
  if (thorough || (size?.bytes ?? 0) <= CHECK_PAGES_UP_TO_BYTES) {
    const found = client.prepare<[], { quick_check: string }>('PRAGMA quick_check(10)').all()
    const problems = found.map((row) => row.quick_check).filter((text) => text !== 'ok')
    if (problems.length > 0) return problems
  }
  // As of one moment: another process may commit between two counts.
  return client.transaction(() => findMiscounts(client, thorough))()
}

function findMiscounts(client: Database, thorough: boolean): string[] {
  const rows = client.prepare<[], { n: number }>('SELECT count(*) AS n FROM messages').get()?.n
  const applied = client
    .prepare<[], { n: number }>(
      `SELECT (SELECT coalesce(sum(lines), 0) FROM log_heads WHERE log = 'messages')
            - (SELECT count(*) FROM anomalies WHERE log = 'messages' AND kind IN
                ('invalid_json', 'blank_line', 'unsupported_version', 'unknown_type', 'invalid_record')) AS n`,
    )
    .get()?.n
  if (rows !== applied) return [`it has ${rows} messages where its heads say ${applied}`]
  return thorough ? findSearchUnsoundness(client) : []
}

/** Messages up to a sequence can be found, no fewer and no others. SQLite has checked by itself that its words fit together. */
function findSearchUnsoundness(client: Database): string[] {
  const counts = client
    .prepare<[], { id: string; has: number; wanted: number }>(
      `SELECT w.workstream_id AS id,
         (SELECT count(*) FROM search_tokens_docsize AS t WHERE t.id BETWEEN w.number << 32 AND ((w.number + 1) << 32) - 1) AS has,
         (SELECT count(*) FROM messages AS m WHERE m."row" > n.number << 32 AND m."row" <= (n.number << 32) + w.searched) AS wanted
       FROM search_workstreams AS w JOIN workstreams AS n ON n.id = w.workstream_id`,
    )
    .all()
  const all = client.prepare<[], { n: number }>('SELECT count(*) AS n FROM search_tokens_docsize').get()?.n ?? 0
  const lost = all - counts.reduce((sum, { has }) => sum + has, 0)
  const wrong = counts.filter(({ has, wanted }) => has !== wanted)
  return [
    ...wrong.map(({ id, has, wanted }) => `search knows ${has} messages of ${id} where it should know ${wanted}`),
    ...(lost > 0 ? [`search knows ${lost} messages of no workstream`] : []),
  ]
}
