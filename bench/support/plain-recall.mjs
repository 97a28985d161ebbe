// What is recalled without us: the newest messages that fit, and the best by bm25 of SQLite's FTS5.
import BetterSqlite3 from 'better-sqlite3'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

const DATE_TOKENS = 8

/** @returns sequences of the newest messages that fit into so many tokens */
export function newestFirst(messages, budget) {
  const sequences = messages.map((_, index) => index + 1).reverse()
  return fill(messages, sequences, budget, 1)
}

export function createPlainRecall(messages) {
  const database = new BetterSqlite3(':memory:')
  database.exec(`CREATE VIRTUAL TABLE plain USING fts5(text, tokenize='porter unicode61')`)
  const insert = database.prepare('INSERT INTO plain (rowid, text) VALUES (?, ?)')
  database.transaction(() => {
    for (const [index, { author, content }] of messages.entries()) insert.run(index + 1, `${author}: ${content}`)
  })()
  const query = database.prepare('SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY bm25(plain)').pluck()
  /** @returns sequences, the best first */
  function ranked(question) {
    const words = question.match(/[\p{L}\p{N}]+/gu) ?? []
    return words.length === 0 ? [] : query.all(words.map((word) => `"${word}"`).join(' OR '))
  }
  return {
    ranked,
    best: (question, budget) => fill(messages, ranked(question), budget, 40),
    close: () => database.close(),
  }
}

/** Stops when so many did not fit. */
function fill(messages, sequences, budget, misses) {
  const chosen = new Set()
  const days = new Set()
  let used = 0
  let left = misses
  for (const sequence of sequences) {
    const { author, content, timestamp } = messages[sequence - 1]
    const day = timestamp.slice(0, 10)
    const cost = countTokens(`${author}: ${content}\n`) + (days.has(day) ? 0 : DATE_TOKENS)
    if (used + cost > budget) {
      if (--left === 0) break
      continue
    }
    used += cost
    chosen.add(sequence)
    days.add(day)
  }
  return chosen
}
