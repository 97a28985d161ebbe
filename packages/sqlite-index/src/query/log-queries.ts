import type { WorkstreamId } from '@arawn/core/id'
import { type LogName, logNames } from '@arawn/core/record'
import type { Anomaly, IndexHead, IndexHeads, IndexReader } from '@arawn/core/workstream-index'
import { asc, eq, sql } from 'drizzle-orm'
import type { Connection } from '../file/connection.js'
import { anomalies, indexIdentity, logHeads } from '../schema.js'
import { dumpRows } from './dump-rows.js'

type Row = typeof logHeads.$inferSelect

const nothingApplied: IndexHead = {
  bytes: 0,
  lines: 0,
  lastLineOffset: 0,
  lastLineHash: '',
  lastStamp: 0,
  generation: '',
}

export function createLogQueries({ client, db }: Connection) {
  const ofWorkstream = db
    .select()
    .from(logHeads)
    .where(eq(logHeads.workstreamId, sql.placeholder('workstreamId')))
    .prepare()
  const stamp = db.select({ lastStamp: indexIdentity.lastStamp }).from(indexIdentity).prepare()

  return {
    heads: async (workstreamId) => {
      const rows = ofWorkstream.all({ workstreamId })
      return rows.length === 0 ? undefined : toHeads(rows)
    },
    allHeads: async () => {
      const grouped = new Map<WorkstreamId, Row[]>()
      for (const row of db.select().from(logHeads).all()) {
        const rows = grouped.get(row.workstreamId)
        if (rows === undefined) grouped.set(row.workstreamId, [row])
        else rows.push(row)
      }
      return new Map([...grouped].map(([id, rows]) => [id, toHeads(rows)]))
    },
    lastStamp: async () => stamp.get()?.lastStamp ?? 0,
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

function toHeads(rows: readonly Row[]): IndexHeads {
  const head = (log: LogName): IndexHead => rows.find((row) => row.log === log) ?? nothingApplied
  const [workstream, sessions, messages] = logNames
  return { workstream: head(workstream), sessions: head(sessions), messages: head(messages) }
}
