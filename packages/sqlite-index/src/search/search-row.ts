/** The row of a message in the tables of search: its workstream's number, then its sequence. SQL and this must agree. */
export const ROW_OF = '((? << 32) + ?)'

/** Rows of one workstream, first and last. 2^21 workstreams and 2^32 messages each fit into what JavaScript counts exactly. */
export const ROWS_OF = 'BETWEEN (? << 32) AND (((? + 1) << 32) - 1)'

/** So many rows each workstream has room for. */
export const ROWS = 2 ** 32
