import type { ImportedMessage, Source } from '@arawn/core/import-source'

/** A conversation read from another tool's file, ready to be taken in. */
export interface ImportedConversation {
  readonly source: Source
  readonly title: string | null
  /** In the order in which they were said. */
  readonly messages: readonly ImportedMessage[]
  /** Lines or blocks that are no messages, counted by what they are: `{ progress: 44, 'file-history-snapshot': 3 }`. */
  readonly skipped: Readonly<Record<string, number>>
}
