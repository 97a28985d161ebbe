const MESSAGES = 1_200

const source = { format: 'jsonl', conversation_id: 'long' }
const messages = Array.from({ length: MESSAGES }, (_, n) => ({
  key: `m${n}`,
  role: n % 2 === 0 ? 'user' : 'assistant',
  content: `line ${n}`,
  timestamp: new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString(),
}))

/** What changes more than one log, or more than one line of it. */
export const operations = {
  promote: (manager) => manager.promote({ title: 'Promoted', idempotency_key: 'once' }),
  'promote into another': (manager) => manager.promote({ into: 'a', idempotency_key: 'once' }),
  purge: (manager) => manager.purgeWorkstream('a'),
  fork: (manager) => manager.forkWorkstream('a', { id: 'fork' }),
  import: (manager) => manager.importConversation({ source, title: 'Imported', messages }),
}
