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
  /**
   * A workstream as one file, every byte of its logs as it is (docs/log-format.md, "Native export").
   *
   * @returns the bytes, in pieces; read once
   */
  exportNative(reference: string): Promise<AsyncIterable<Uint8Array>>
  /**
   * Puts a native export back, byte for byte: all of it, or nothing is left. All of it is checked before anything is written.
   *
   * @throws IMPORT_UNREADABLE its bytes are not what its header says
   * @throws RESTORE_CONFLICT when the id is taken
   */
  importNative(source: NativeSource): Promise<Workstream>
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

export interface NativeSource {
  /** Its bytes from the first to the last, each time that it is called: to check them, then to write them. */
  readonly bytes: () => AsyncIterable<Uint8Array>
  /** What errors call it, such as the path of a file. */
  readonly name?: string | undefined
}

/** Logs line by line: of a manager that has them at hand. */
export interface LogTransferOperations {
  /** The bytes of a workstream's logs as they are. */
  exportLogs(reference: string): Promise<ExportedLogs>
  /** Puts exported logs back, byte for byte: all of them, or nothing is left. @throws RESTORE_CONFLICT when the id is taken */
  restoreLogs(workstreamId: WorkstreamId, logs: AsyncIterable<RestoredLine>): Promise<Workstream>
}

export interface ExportedLogs {
  workstream: Workstream
  lines(log: LogName): AsyncIterable<Uint8Array>
}
