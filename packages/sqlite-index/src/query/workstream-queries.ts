import { WorkstreamError } from '@arawn/core/error'
import { foldTitle } from '@arawn/core/fold-title'
import type { Workstream } from '@arawn/core/workstream'
import type { IdParts, IndexReader, Page, WorkstreamQuery } from '@arawn/core/workstream-index'
import { and, asc, desc, eq, exists, gte, lt, ne, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { importSources, workstreams, workstreamTags } from '../schema.js'
import { onFirstUse } from './on-first-use.js'

type Row = typeof workstreams.$inferSelect

export function createWorkstreamQueries({ db }: Connection) {
  const byId = onFirstUse(() =>
    db
      .select()
      .from(workstreams)
      .where(eq(workstreams.id, sql.placeholder('id')))
      .prepare(),
  )
  const byTitle = onFirstUse(() =>
    db
      .select()
      .from(workstreams)
      .where(eq(workstreams.titleFolded, sql.placeholder('title')))
      .orderBy(workstreams.id)
      .limit(sql.placeholder('limit'))
      .prepare(),
  )
  const bySource = onFirstUse(() =>
    db
      .select({ id: importSources.workstreamId })
      .from(importSources)
      .where(
        and(
          eq(importSources.format, sql.placeholder('format')),
          eq(importSources.conversationId, sql.placeholder('conversation')),
        ),
      )
      .orderBy(importSources.workstreamId)
      .limit(1)
      .prepare(),
  )
  const forks = onFirstUse(() =>
    db
      .select({ id: workstreams.id })
      .from(workstreams)
      .where(eq(workstreams.forkedFromWorkstream, sql.placeholder('id')))
      .orderBy(workstreams.id)
      .prepare(),
  )

  /** The list, newest first. Each filter is tested while one index is walked in order: nothing is sorted. */
  function listBy({ state, tag, text, listedMs, id, limit }: ListParts) {
    const conditions: SQL[] = []
    if (state === undefined) conditions.push(ne(workstreams.state, 'archived'))
    else if (state !== 'all') conditions.push(sql`${workstreams.state} = ${state}`)
    if (text !== undefined) conditions.push(sql`instr(${workstreams.titleFolded}, ${text}) > 0`)
    if (tag !== undefined)
      conditions.push(
        exists(
          db
            .select({ one: sql`1` })
            .from(workstreamTags)
            .where(and(eq(workstreamTags.workstreamId, workstreams.id), sql`${workstreamTags.tag} = ${tag}`)),
        ),
      )
    if (id !== undefined) conditions.push(sql`(${workstreams.listedMs}, ${workstreams.id}) < (${listedMs}, ${id})`)
    return db
      .select()
      .from(workstreams)
      .where(and(...conditions))
      .orderBy(desc(workstreams.listedMs), desc(workstreams.id))
      .limit(limit)
  }

  // To build a query takes longer than to run it, and lists are asked for in few ways.
  const lists = new Map<string, ReturnType<ReturnType<typeof listBy>['prepare']>>()
  function list(query: WorkstreamQuery): Row[] {
    const values = listParts(query)
    const names = Object.keys(values)
    const way = `${names.join()} ${values.state === 'all'}`
    const known = lists.get(way) ?? listBy(toPlaceholders(names, values)).prepare()
    lists.set(way, known)
    return known.all({ ...values })
  }

  /** A walk along the ids that begin so, in order; how one ends is seen in the index itself. */
  function idPartsQuery({ begin, end }: IdParts, limit: number) {
    return db
      .select()
      .from(workstreams)
      .where(
        and(
          gte(workstreams.id, begin),
          lt(workstreams.id, begin + ABOVE_IDS),
          end === '' ? undefined : sql`substr(${workstreams.id}, ${-end.length}) = ${end}`,
        ),
      )
      .orderBy(asc(workstreams.id))
      .limit(limit)
  }

  return {
    /** For the test that reads the query plan. */
    listQuery: (query: WorkstreamQuery) => listBy(listParts(query)),
    idPartsQuery,
    workstream: async (id) => {
      const row = byId().get({ id })
      return row === undefined ? undefined : toWorkstream(row)
    },
    workstreams: async (query) => pageOf(list(query), query.limit),
    workstreamsByTitle: async (title, limit) =>
      byTitle()
        .all({ title: foldTitle(title), limit })
        .map(toWorkstream),
    workstreamsByIdParts: async (parts, limit) => idPartsQuery(parts, limit).all().map(toWorkstream),
    workstreamBySource: async (format, conversation) => bySource().get({ format, conversation })?.id,
    forksOf: async (id) =>
      forks()
        .all({ id })
        .map((fork) => fork.id),
  } satisfies Partial<IndexReader> & { listQuery: unknown; idPartsQuery: unknown }
}

/** What a list is asked by: values, or placeholders for them. What is not asked for is not there. */
interface ListParts {
  readonly state?: WorkstreamQuery['state'] | Placeholder
  readonly tag?: string | Placeholder
  readonly text?: string | Placeholder
  /** With `id`, where the page begins. */
  readonly listedMs?: number | Placeholder
  readonly id?: string | Placeholder
  /** One more than is shown, to see whether there is more. */
  readonly limit: number | Placeholder
}

function listParts({ state, tag, text, limit, after }: WorkstreamQuery): ListParts {
  return {
    ...(state !== undefined && { state }),
    ...(tag !== undefined && { tag }),
    ...(text !== undefined && { text: foldTitle(text) }),
    ...(after !== undefined && parseCursor(after)),
    limit: limit + 1,
  }
}

function toPlaceholders(names: readonly string[], { state }: ListParts): ListParts {
  const parts = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]))
  return { limit: sql.placeholder('limit'), ...parts, ...(state === 'all' && { state }) }
}

// Ids are made of a-z, 0-9, "_" and "-": this sorts after all of them.
const ABOVE_IDS = '{'

function pageOf(rows: Row[], limit: number): Page<Workstream> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit
  return {
    items: shown.map(toWorkstream),
    hasMore,
    next: hasMore && last !== undefined ? `${last.listedMs}:${last.id}` : undefined,
  }
}

function parseCursor(cursor: string): { listedMs: number; id: string } {
  const match = /^(-?\d{1,16}):(.+)$/s.exec(cursor)
  if (match?.[1] === undefined || match[2] === undefined)
    throw new WorkstreamError('INVALID_INPUT', 'after: not a cursor of this list', {
      path: 'after',
      problem: 'not a cursor of this list',
    })
  return { listedMs: Number(match[1]), id: match[2] }
}

function toWorkstream(row: Row): Workstream {
  return {
    id: row.id,
    title: row.title,
    summary: row.summary,
    is_scratch: row.isScratch,
    state: row.state,
    default_model: row.defaultModel,
    tags: JSON.parse(row.tags),
    metadata: JSON.parse(row.metadata),
    forked_from:
      row.forkedFromWorkstream === null
        ? null
        : { workstream_id: row.forkedFromWorkstream, message_id: row.forkedFromMessage },
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    last_message_at: row.lastMessageAt,
    message_count: row.messageCount,
  }
}
