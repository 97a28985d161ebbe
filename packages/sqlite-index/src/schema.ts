import type { Role } from '@arawn/core/message'
import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * The tables of index.db. After a change: `pnpm db:generate --name=what_changed`. What drizzle-kit cannot say is added to
 * the SQL by hand: `WITHOUT ROWID`, and `search_tokens`, a virtual table.
 *
 * Every row is a function of the logs, except `index_identity`, the column `generation`, and the numbers of workstreams: a
 * dump says (workstream, sequence) instead, so that a rebuilt index equals the live one. The tables `search_*` follow
 * behind the others and are no part of that comparison.
 */

export const workstreams = sqliteTable(
  'workstreams',
  {
    /** Stands for the id in `messages`. */
    number: integer('number').primaryKey(),
    id: text('id').notNull().unique('workstreams_id'),
    title: text('title'),
    /** The title as it is compared: NFC, lower case. */
    titleFolded: text('title_folded'),
    summary: text('summary'),
    isScratch: integer('is_scratch', { mode: 'boolean' }).notNull(),
    state: text('state', { enum: ['active', 'paused', 'archived'] }).notNull(),
    defaultModel: text('default_model'),
    tags: text('tags').notNull(),
    metadata: text('metadata').notNull(),
    /** For a fork, which workstream it was copied from, and up to which message. */
    forkedFromWorkstream: text('forked_from_workstream'),
    forkedFromMessage: text('forked_from_message'),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
    lastMessageAt: text('last_message_at'),
    messageCount: integer('message_count').notNull(),
    /** List order: the time of the last message, else of creation; milliseconds since 1970. */
    listedMs: integer('listed_ms').notNull(),
    /** 0 while the workstream is only known from other records than its creation. */
    created: integer('created').notNull(),
  },
  (t) => [
    // Every list is a walk along this one index: it holds what most filters ask for, and a message moves one entry.
    index('workstreams_order').on(t.listedMs, t.id, t.state),
    index('workstreams_title').on(t.titleFolded, t.id),
  ],
)

export const workstreamTags = sqliteTable(
  'workstream_tags',
  { workstreamId: text('workstream_id').notNull(), tag: text('tag').notNull() },
  (t) => [primaryKey({ columns: [t.workstreamId, t.tag] })],
)

export const sessions = sqliteTable(
  'sessions',
  {
    workstreamId: text('workstream_id').notNull(),
    id: text('id').notNull(),
    /** 1-based, in the order in which the sessions appeared. */
    ordinal: integer('ordinal').notNull(),
    startedAt: text('started_at').notNull(),
    endedAt: text('ended_at'),
    status: text('status', { enum: ['active', 'ended', 'timed_out'] }).notNull(),
    reason: text('reason'),
    turnCount: integer('turn_count').notNull(),
    messageCount: integer('message_count').notNull(),
    summary: text('summary'),
    /** Commit time of the last thing that happened in it, as a stamp. */
    lastActivityStamp: integer('last_activity_stamp').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workstreamId, t.id] }),
    uniqueIndex('sessions_order').on(t.workstreamId, t.ordinal),
    uniqueIndex('sessions_one_active').on(t.workstreamId).where(sql`${t.status} = 'active'`),
  ],
)

/** The row is `number * 2^32 + sequence`: a message behind the last one is a row behind the last one, and takes no more room. */
export const messages = sqliteTable(
  'messages',
  {
    row: integer('row').primaryKey(),
    id: text('id').notNull(),
    sessionId: text('session_id').notNull(),
    role: text('role').$type<Role>().notNull(),
    stamp: integer('stamp').notNull(),
    /** The promotion that moved it elsewhere; null: it is here. */
    promotionId: text('promotion_id'),
    /** Where the line stands in messages.jsonl; its length without LF. */
    offset: integer('offset').notNull(),
    length: integer('length').notNull(),
  },
  (t) => [uniqueIndex('messages_id').on(sql`${t.row} >> 32`, t.id)],
)

/** Conversations of other tools that were taken in, and where they went. */
export const importSources = sqliteTable(
  'import_sources',
  {
    format: text('format').notNull(),
    conversationId: text('conversation_id').notNull(),
    workstreamId: text('workstream_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.format, t.conversationId, t.workstreamId] })],
)

/** Messages that an import brought, by their key in the source. */
export const importedMessages = sqliteTable(
  'imported_messages',
  {
    workstreamId: text('workstream_id').notNull(),
    key: text('key').notNull(),
    sequence: integer('sequence').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workstreamId, t.key] })],
)

/** Messages that were moved, or are about to be, to another workstream. */
export const promotions = sqliteTable(
  'promotions',
  {
    workstreamId: text('workstream_id').notNull(),
    id: text('id').notNull(),
    targetId: text('target_id').notNull(),
    /** Title for a target that is made for it. */
    targetTitle: text('target_title'),
    /** Sequences, as closed intervals: JSON. */
    coverage: text('coverage').notNull(),
    stamp: integer('stamp').notNull(),
    completed: integer('completed', { mode: 'boolean' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workstreamId, t.id] }),
    index('promotions_pending').on(t.workstreamId).where(sql`${t.completed} = 0`),
  ],
)

/** User messages to a model and what became of them. */
export const turns = sqliteTable(
  'turns',
  {
    workstreamId: text('workstream_id').notNull(),
    interactionId: text('interaction_id').notNull(),
    sessionId: text('session_id').notNull(),
    messageId: text('message_id').notNull(),
    status: text('status', { enum: ['running', 'ok', 'error', 'cancelled', 'interrupted'] }).notNull(),
    owner: text('owner').notNull(),
    startedAt: text('started_at').notNull(),
    endedAt: text('ended_at'),
    model: text('model'),
    /** JSON. */
    usage: text('usage'),
    costUsd: real('cost_usd'),
    error: text('error'),
    errorMessage: text('error_message'),
  },
  (t) => [
    primaryKey({ columns: [t.workstreamId, t.interactionId] }),
    uniqueIndex('turns_one_running').on(t.workstreamId).where(sql`${t.status} = 'running'`),
    index('turns_failed')
      .on(t.workstreamId, t.startedAt, t.interactionId)
      .where(sql`${t.status} NOT IN ('ok', 'running')`),
  ],
)

/** Summaries, the replaced ones too. They are few, so they stand here as a whole. */
export const summaries = sqliteTable(
  'summaries',
  {
    workstreamId: text('workstream_id').notNull(),
    /** Place of its record in the order of everything. */
    stamp: integer('stamp').notNull(),
    id: text('id').notNull(),
    /** null for a summary of the workstream. */
    sessionId: text('session_id'),
    /** Of the work that made it. */
    key: text('key'),
    /** Sequences, as closed intervals: JSON. */
    coverage: text('coverage').notNull(),
    /** It says something. */
    hasWords: integer('has_words', { mode: 'boolean' }).notNull(),
    /** It stands in for one that a model failed to make. */
    degraded: integer('degraded', { mode: 'boolean' }).notNull(),
    /** The record: JSON. */
    record: text('record').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workstreamId, t.id] }),
    index('summaries_degraded').on(t.workstreamId).where(sql`${t.degraded} = 1`),
  ],
)

/** Compressions that gave no summary worth keeping. */
export const compressionAttempts = sqliteTable(
  'compression_attempts',
  {
    workstreamId: text('workstream_id').notNull(),
    stamp: integer('stamp').notNull(),
    key: text('key').notNull(),
    outcome: text('outcome', { enum: ['degraded', 'failed', 'not_smaller'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.workstreamId, t.stamp, t.key] })],
)

/** Compressions that were handed to a provider to be answered later. */
export const compressionBatches = sqliteTable(
  'compression_batches',
  {
    workstreamId: text('workstream_id').notNull(),
    id: text('id').notNull(),
    stamp: integer('stamp').notNull(),
    model: text('model').notNull(),
    /** JSON. */
    keys: text('keys').notNull(),
    owner: text('owner').notNull(),
    claimedAt: text('claimed_at').notNull(),
    batchId: text('batch_id'),
    expiresAt: text('expires_at'),
    outcome: text('outcome', { enum: ['ended', 'unwanted', 'expired', 'gone', 'failed', 'busy', 'lost'] }),
  },
  (t) => [
    primaryKey({ columns: [t.workstreamId, t.id] }),
    index('compression_batches_open').on(t.workstreamId).where(sql`${t.outcome} IS NULL`),
  ],
)

/** Requests that must not be done twice, and the record that says what was done. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    /** The workstream in which the key is unique; empty for what is unique in the data dir. */
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    workstreamId: text('workstream_id').notNull(),
    log: text('log', { enum: ['workstream', 'sessions', 'messages'] }).notNull(),
    sequence: integer('sequence').notNull(),
    stamp: integer('stamp').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.scope, t.key, t.workstreamId] }),
    index('idempotency_keys_workstream').on(t.workstreamId),
  ],
)

/** Tokens of messages as some counter counts them. A cache: no part of a dump. */
export const cacheTokenCounts = sqliteTable(
  'cache_token_counts',
  {
    workstreamId: text('workstream_id').notNull(),
    counter: text('counter').notNull(),
    sequence: integer('sequence').notNull(),
    tokens: integer('tokens').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workstreamId, t.counter, t.sequence] })],
)

/** What models made of questions: words to look for, vectors. The newest some thousand; a cache, no part of a dump. */
export const cacheQuestionNotes = sqliteTable('cache_question_notes', {
  /** Grows with each one that is kept. */
  number: integer('number').primaryKey(),
  /** Of the question, what was asked for, and the model. */
  key: text('key').notNull().unique('cache_question_notes_key'),
  note: blob('note', { mode: 'buffer' }).notNull(),
})

/** Which embedder has made vectors of which workstream, and how far. A cache, as are the vectors. */
export const cacheVectorHeads = sqliteTable(
  'cache_vector_heads',
  {
    number: integer('number').primaryKey(),
    workstreamId: text('workstream_id').notNull(),
    model: text('model').notNull(),
    /** Messages up to this sequence have a vector, if they say anything. */
    embedded: integer('embedded').notNull(),
  },
  (t) => [uniqueIndex('cache_vector_heads_workstream').on(t.workstreamId, t.model)],
)

/** What messages mean, as an embedder sees it. The row is `number * 2^32 + sequence`. */
export const cacheVectors = sqliteTable('cache_vectors', {
  row: integer('row').primaryKey(),
  /** Of the text that it was made of. */
  hash: text('hash').notNull(),
  /** As the engine writes it (vector-bytes.ts). */
  vector: blob('vector', { mode: 'buffer' }).notNull(),
})

/** How far each log has been applied. */
export const logHeads = sqliteTable(
  'log_heads',
  {
    workstreamId: text('workstream_id').notNull(),
    log: text('log', { enum: ['workstream', 'sessions', 'messages'] }).notNull(),
    bytes: integer('bytes').notNull(),
    lines: integer('lines').notNull(),
    lastLineOffset: integer('last_line_offset').notNull(),
    lastLineHash: text('last_line_hash').notNull(),
    lastStamp: integer('last_stamp').notNull(),
    generation: text('generation').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workstreamId, t.log] })],
)

/** Lines that were passed over or bent to fit: counted, never fatal. */
export const anomalies = sqliteTable(
  'anomalies',
  {
    workstreamId: text('workstream_id').notNull(),
    log: text('log', { enum: ['workstream', 'sessions', 'messages'] }).notNull(),
    sequence: integer('sequence').notNull(),
    kind: text('kind').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workstreamId, t.log, t.sequence, t.kind] })],
)

/** Which workstreams can be searched, and how far. `number * 2^32 + sequence` is the row of a message. */
export const searchWorkstreams = sqliteTable('search_workstreams', {
  /** Never given twice. */
  number: integer('number').primaryKey({ autoIncrement: true }),
  workstreamId: text('workstream_id').notNull().unique('search_workstreams_id'),
  /** Messages up to this sequence can be found. */
  searched: integer('searched').notNull(),
})

/**
 * What a search filters and orders by, of the messages where `messages` does not tell: those that have an author, or were
 * said at another time than that of their stamp.
 */
export const searchMessages = sqliteTable('search_messages', {
  row: integer('row').primaryKey(),
  /** When it was said: milliseconds since 1970. */
  saidMs: integer('said_ms').notNull(),
  author: text('author'),
})

/** How many words each message says: two bytes for each sequence, little-endian, 400 sequences a block. */
export const searchWordCounts = sqliteTable(
  'search_word_counts',
  {
    /** Of the workstream. */
    number: integer('number').notNull(),
    block: integer('block').notNull(),
    counts: blob('counts', { mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.number, table.block] })],
)

/** Where another session begins, among messages that can be found. */
export const searchSessions = sqliteTable(
  'search_sessions',
  {
    number: integer('number').notNull(),
    sequence: integer('sequence').notNull(),
    sessionId: text('session_id').notNull(),
    saidMs: integer('said_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.number, table.sequence] })],
)

/** Who said something that can be found. */
export const searchAuthors = sqliteTable(
  'search_authors',
  { number: integer('number').notNull(), author: text('author').notNull() },
  (table) => [primaryKey({ columns: [table.number, table.author] })],
)

/** One row: which version of the analyzer made what can be searched. */
export const searchState = sqliteTable('search_state', {
  id: integer('id').primaryKey(),
  analyzerVersion: integer('analyzer_version').notNull(),
})

/**
 * One row, written by every commit. `file` names the file that it was made in: a copy put in its place, or a journal
 * that belongs to another file, shows by it.
 */
export const indexIdentity = sqliteTable('index_identity', {
  id: integer('id').primaryKey(),
  file: text('file').notNull(),
  lastStamp: integer('last_stamp').notNull(),
})
