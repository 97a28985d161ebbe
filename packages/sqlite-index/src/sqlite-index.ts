import { fileURLToPath } from 'node:url'
import { WorkstreamError } from '@arawn/core/error'
import { type Logger, silentLogger } from '@arawn/core/logger'
import type { IndexCondition, IndexReader, IndexTransaction, WorkstreamIndex } from '@arawn/core/workstream-index'
import type { Connection } from './file/connection.js'
import { guardReader, indexHeld, indexUnusable, isFileTrouble, isHeldByOthers } from './file/file-trouble.js'
import { fileIdentity } from './file/identity.js'
import { removeLeftovers } from './file/leftovers.js'
import { openIndexFile } from './file/open-index-file.js'
import { startReplacement } from './file/replacement.js'
import { findUnsoundness } from './file/soundness.js'
import { createTransactions } from './file/transaction.js'
import { createReader } from './query/reader.js'

// This file lies directly in src/ and dist/, so the migrations are one folder up from both.
const migrationsFolder = fileURLToPath(new URL('../drizzle', import.meta.url))

interface OpenIndex {
  readonly identity: string
  readonly writer: Connection
  readonly readers: Connection
  readonly reader: IndexReader
  readonly begin: () => IndexTransaction
}

/**
 * Opens the index at a path, or stands ready to build it: what is wrong with the file is an answer of `condition`,
 * never an error here.
 *
 * Reads go over a connection of their own and see committed rows only; the one transaction has the other.
 */
export async function openSqliteIndex({
  path,
  logger = silentLogger,
}: {
  path: string
  logger?: Logger
}): Promise<WorkstreamIndex> {
  let open: OpenIndex | undefined
  /** The file that was there at the last attempt and could not be used. */
  let refused: string | undefined
  let closed = false
  let openings = 0

  function attach(): IndexCondition {
    detach()
    refused = fileIdentity(path)
    const file = openIndexFile(path, migrationsFolder)
    if (file.condition !== 'current') {
      if (file.condition === 'unusable') logger.warn('the index cannot be used', { path, problem: file.problem })
      return file.condition
    }
    openings++
    refused = undefined
    open = {
      identity: file.identity,
      writer: file.writer,
      readers: file.readers,
      reader: guardReader(createReader(file.readers), path, markUnusable),
      begin: createTransactions(file.writer, {
        identity: `${file.identity} ${openings}`,
        reader: guardReader(createReader(file.writer), path, markUnusable),
      }),
    }
    return 'current'
  }

  function detach(): void {
    const closing = open
    open = undefined
    // The writer last: only it can bring the journal back into the file, which is one clean file then.
    closing?.readers.client.close()
    closing?.writer.client.close()
  }

  let trouble = false
  function markUnusable(): void {
    trouble = true
  }

  function condition(): IndexCondition {
    if (closed) throw new WorkstreamError('CLOSED', 'the index was closed', { what: 'index' })
    const there = fileIdentity(path)
    if (there === undefined) return 'absent'
    if (trouble || there === refused) return 'unusable'
    return there === open?.identity ? 'current' : 'replaced'
  }

  function current(): OpenIndex {
    if (closed) throw new WorkstreamError('CLOSED', 'the index was closed', { what: 'index' })
    if (open === undefined) throw indexUnusable(path, 'it is not open')
    return open
  }

  attach()

  const delegate = <Name extends Exclude<keyof IndexReader, 'dump'>>(name: Name): IndexReader[Name] =>
    // The arguments belong to the method of the same name; the compiler cannot follow them through a key.
    ((...args: never[]) => (current().reader[name] as (...args: never[]) => unknown)(...args)) as IndexReader[Name]

  return {
    workstream: delegate('workstream'),
    workstreams: delegate('workstreams'),
    workstreamsByTitle: delegate('workstreamsByTitle'),
    workstreamsByIdParts: delegate('workstreamsByIdParts'),
    workstreamBySource: delegate('workstreamBySource'),
    activeSession: delegate('activeSession'),
    idleSessions: delegate('idleSessions'),
    session: delegate('session'),
    lastImportedSession: delegate('lastImportedSession'),
    sessions: delegate('sessions'),
    messages: delegate('messages'),
    message: delegate('message'),
    importedKeys: delegate('importedKeys'),
    idempotentRequest: delegate('idempotentRequest'),
    pendingPromotions: delegate('pendingPromotions'),
    promotion: delegate('promotion'),
    visibleSequences: delegate('visibleSequences'),
    importedSince: delegate('importedSince'),
    promotionsOf: delegate('promotionsOf'),
    forksOf: delegate('forksOf'),
    turn: delegate('turn'),
    runningTurn: delegate('runningTurn'),
    failedTurns: delegate('failedTurns'),
    runningTurns: delegate('runningTurns'),
    summaries: delegate('summaries'),
    summaryCoverages: delegate('summaryCoverages'),
    summary: delegate('summary'),
    summaryByKey: delegate('summaryByKey'),
    compressionAttempts: delegate('compressionAttempts'),
    compressionBatches: delegate('compressionBatches'),
    openCompressionBatches: delegate('openCompressionBatches'),
    sessionCoverage: delegate('sessionCoverage'),
    workstreamsToCompress: delegate('workstreamsToCompress'),
    degradedWorkstreams: delegate('degradedWorkstreams'),
    longSessions: delegate('longSessions'),
    tokenCounts: delegate('tokenCounts'),
    heads: delegate('heads'),
    allHeads: delegate('allHeads'),
    headsFrom: delegate('headsFrom'),
    lastStamp: delegate('lastStamp'),
    statistics: delegate('statistics'),
    anomalies: delegate('anomalies'),
    searchGaps: delegate('searchGaps'),
    searchLag: delegate('searchLag'),
    searchedUpTo: delegate('searchedUpTo'),
    searchMatches: delegate('searchMatches'),
    searchHits: delegate('searchHits'),
    searchNewest: delegate('searchNewest'),
    recallShapes: delegate('recallShapes'),
    sequencesWith: delegate('sequencesWith'),
    newestWith: delegate('newestWith'),
    recallCandidates: delegate('recallCandidates'),
    questionNote: delegate('questionNote'),
    vectorGaps: delegate('vectorGaps'),
    vectorCount: delegate('vectorCount'),
    vectors: delegate('vectors'),
    vectorsOf: delegate('vectorsOf'),
    vectorHashes: delegate('vectorHashes'),
    dump: () => current().reader.dump(),

    condition,
    version: async () => {
      const { identity, readers } = current()
      try {
        // Changes when another connection has committed: https://sqlite.org/pragma.html#pragma_data_version
        return `${identity} ${openings} ${readers.client.prepare('PRAGMA data_version').pluck().get()}`
      } catch (error) {
        if (!isFileTrouble(error)) throw error
        markUnusable()
        throw indexUnusable(path, 'it cannot be read', error)
      }
    },
    verify: async () => findUnsoundness(current().readers.client, { thorough: true }),
    reopen: async () => {
      trouble = false
      return attach()
    },
    begin: async () => {
      const { begin } = current()
      try {
        return begin()
      } catch (error) {
        if (isHeldByOthers(error)) throw indexHeld(path, error)
        if (!isFileTrouble(error)) throw error
        markUnusable()
        throw indexUnusable(path, 'it cannot be written', error)
      }
    },
    startReplacement: async () =>
      startReplacement(path, migrationsFolder, {
        beforeSwap: detach,
        afterSwap: () => {
          trouble = false
          attach()
        },
      }),
    removeLeftovers: async () => removeLeftovers(path),
    close: async () => {
      if (closed) return
      detach()
      closed = true
    },
  }
}
