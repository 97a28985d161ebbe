import type { IndexReader, IndexTransaction } from '@arawn/core/workstream-index'
import type { Database } from 'better-sqlite3'
import type { Connection } from '../file/connection.js'

// Of what was asked long ago, little is asked again.
const MOST_NOTES = 10_000

export function createQuestionNoteQueries({ client }: Connection) {
  return {
    questionNote: async (key) =>
      client.prepare<[string], Buffer>('SELECT note FROM cache_question_notes WHERE key = ?').pluck().get(key),
  } satisfies Partial<IndexReader>
}

/** In the open transaction of a connection. */
export function createQuestionNoteWrites(client: Database) {
  return {
    keepQuestionNote: async (key, note) => {
      // Numbers grow by one a note, so that they also say how many there are at the most.
      client
        .prepare(
          `INSERT OR REPLACE INTO cache_question_notes (number, key, note)
             VALUES ((SELECT coalesce(max(number), 0) + 1 FROM cache_question_notes), ?, ?)`,
        )
        .run(key, note)
      client
        .prepare('DELETE FROM cache_question_notes WHERE number <= (SELECT max(number) FROM cache_question_notes) - ?')
        .run(MOST_NOTES)
    },
  } satisfies Partial<IndexTransaction>
}
