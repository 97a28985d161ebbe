/** The row of a message: the number that the table gives its workstream, then its sequence. SQL and this must agree. */
export const ROW_OF = '((? << 32) + ?)'

/**
 * Rows of one workstream, first and last. 2^21 workstreams and 2^32 messages each fit into what JavaScript counts exactly.
 *
 * @param number SQL for that of the workstream
 */
export const rowsOf = (number: string) => `BETWEEN (${number} << 32) AND (((${number} + 1) << 32) - 1)`

/** The same: `number, number`. */
export const ROWS_OF = rowsOf('?')

/** The sequence in a row. */
export const sequenceIn = (row: string) => `(${row} & 4294967295)`

/** So many rows each workstream has room for. */
export const ROWS = 2 ** 32

/**
 * The row of a border, which may be any number: no border leads to the rows of another workstream.
 *
 * @param number SQL for that of the workstream
 */
export const borderRow = (number: string) => `((${number} << 32) + max(0, min(?, 4294967295)))`

/** What to read messages of one workstream from: those between two sequences, `after, before, id`. */
export const MESSAGES_BETWEEN = `workstreams AS w CROSS JOIN messages AS m
  ON m."row" > ${borderRow('w.number')} AND m."row" < ${borderRow('w.number')} WHERE w.id = ?`

/** All messages of that workstream: `id`. */
export const MESSAGES_OF = `workstreams AS w CROSS JOIN messages AS m
  ON m."row" ${rowsOf('w.number')} WHERE w.id = ?`

/** Where a message stands: `id, sequence`. */
export const MESSAGE_POSITION = `SELECT stamp, "offset", length FROM messages
  WHERE "row" = ((SELECT number FROM workstreams WHERE id = ?) << 32) + ?`
