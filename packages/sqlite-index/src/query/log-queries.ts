import type { WorkstreamId } from '@arawn/core/id'
import type { LogHead, LogHeads } from '@arawn/core/log-store'
import { type LogName, logNames } from '@arawn/core/record'
import type { Stamp } from '@arawn/core/stamp'
import type { Anomaly, IndexHead, IndexHeads, IndexReader } from '@arawn/core/workstream-index'
import { asc, eq, gte, inArray, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { anomalies, logHeads } from '../schema.js'
import { dumpRows } from './dump-rows.js'
import { onFirstUse } from './on-first-use.js'

type Row = typeof logHeads.$inferSelect

// Plain SQL, and a row for each workstream: 10,000 of them are compared at the start of every process.
const everyHead = `SELECT workstream_id AS id, json_group_object(log, json_array(bytes, generation)) AS heads
   FROM log_heads GROUP BY workstream_id`

// Plain SQL: it is asked at the start of every transaction.
const lastStamp = 'SELECT last_stamp AS stamp FROM index_identity'

const nothingApplied: IndexHead = {
  bytes: 0,
  lines: 0,
  lastLineOffset: 0,
  lastLineHash: '',
  lastStamp: 0,
  generation: '',
}

export function createLogQueries({ client, db }: Connection) {
  const ofWorkstream = onFirstUse(() =>
    db
      .select()
      .from(logHeads)
      .where(eq(logHeads.workstreamId, sql.placeholder('workstreamId')))
      .prepare(),
  )
  const withStamps = onFirstUse(() =>
    db
      .select()
      .from(logHeads)
      .where(
        inArray(
          logHeads.workstreamId,
          db
            .select({ id: logHeads.workstreamId })
            .from(logHeads)
            .where(gte(logHeads.lastStamp, sql.placeholder('stamp'))),
        ),
      )
      .prepare(),
  )

  return {
    heads: async (workstreamId) => {
      const rows = ofWorkstream().all({ workstreamId })
      return rows.length === 0 ? undefined : toHeads(rows)
    },
    allHeads: async () => {
      const rows = client.prepare<[], { id: WorkstreamId; heads: string }>(everyHead).all()
      return new Map(rows.map(({ id, heads }) => [id, toLogHeads(JSON.parse(heads))]))
    },
    headsFrom: async (from) => byWorkstream(withStamps().all({ stamp: from })),
    lastStamp: async () => client.prepare<[], { stamp: Stamp }>(lastStamp).get()?.stamp ?? 0,
    anomalies: async (workstreamId) =>
      db
        .select({
          workstream_id: anomalies.workstreamId,
          log: anomalies.log,
          sequence: anomalies.sequence,
          kind: sql<Anomaly['kind']>`${anomalies.kind}`,
        })
        .from(anomalies)
        .where(workstreamId === undefined ? undefined : eq(anomalies.workstreamId, workstreamId))
        .orderBy(asc(anomalies.workstreamId), asc(anomalies.log), asc(anomalies.sequence), asc(anomalies.kind))
        .all(),
    dump: () => dumpRows(client),
  } satisfies Partial<IndexReader>
}

function byWorkstream(all: readonly Row[]): Map<WorkstreamId, IndexHeads> {
  const grouped = new Map<WorkstreamId, Row[]>()
  for (const row of all) {
    const rows = grouped.get(row.workstreamId)
    if (rows === undefined) grouped.set(row.workstreamId, [row])
    else rows.push(row)
  }
  return new Map([...grouped].map(([id, rows]) => [id, toHeads(rows)]))
}

function toHeads(rows: readonly Row[]): IndexHeads {
  const head = (log: LogName): IndexHead => rows.find((row) => row.log === log) ?? nothingApplied
  const [workstream, sessions, messages] = logNames
  return { workstream: head(workstream), sessions: head(sessions), messages: head(messages) }
}

function toLogHeads(of: Partial<Record<LogName, [bytes: number, generation: string]>>): LogHeads {
  const head = ([bytes, generation] = nothing): LogHead => ({ bytes, generation })
  return { workstream: head(of.workstream), sessions: head(of.sessions), messages: head(of.messages) }
}
const nothing: [bytes: number, generation: string] = [0, '']
