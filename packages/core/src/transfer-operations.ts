import type { WorkstreamId } from './id.js'
import type { ImportedMessage, Source } from './import-source.js'
import type { RestoredLine } from './log-store.js'
import type { LogName } from './record.js'
import type { Workstream } from './workstream.js'

/** Conversations in from elsewhere, and out. */
export interface TransferOperations {
  /** Takes a conversation in. Asked again with the same source it adds only what is new. */
  importConversation(input: ImportConversationInput): Promise<ImportReport>
  /** All messages as text, in pieces: for people, or a line of JSON for tools that read OpenAI's form. */
  exportText(reference: string, format: 'markdown' | 'openai'): Promise<AsyncIterable<string>>
  /** The bytes of a workstream's logs as they are, for a native export. */
  exportLogs(reference: string): Promise<ExportedLogs>
  /** Puts exported logs back, byte for byte: all of them, or nothing is left. @throws RESTORE_CONFLICT when the id is taken */
  restoreLogs(workstreamId: WorkstreamId, logs: AsyncIterable<RestoredLine>): Promise<Workstream>
}

export interface ImportConversationInput {
  source: Source
  /** Used when the conversation is new here. */
  title?: string | null | undefined
  /** Where it goes when its source is unknown; by default into a new workstream. */
  into?: string | undefined
  /** With the same key and the same request again: nothing is done, the first answer is given. */
  idempotency_key?: string | undefined
  messages: readonly ImportedMessage[]
}

export interface ImportReport {
  workstream: Workstream
  created: boolean
  added: number
  alreadyThere: number
  sessions: number
}

export interface ExportedLogs {
  workstream: Workstream
  lines(log: LogName): AsyncIterable<Uint8Array>
}
