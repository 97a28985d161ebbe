import type { Source } from '@arawn/core/import-source'
import type { Metadata, Role } from '@arawn/core/message'

/** A conversation read from another tool's file, ready to be taken in. */
export interface ImportedConversation {
  readonly source: Source
  readonly title: string | null
  /** In the order in which they were said. */
  readonly messages: readonly ImportedMessage[]
  /** Lines or blocks that are no messages, counted by what they are: `{ progress: 44, 'file-history-snapshot': 3 }`. */
  readonly skipped: Readonly<Record<string, number>>
}

export interface ImportedMessage {
  /** Names the message within its source; the same in every later version of the file. It is added once. */
  readonly key: string
  readonly role: Role
  readonly content: string
  /** ISO 8601; undefined when the source has none. */
  readonly timestamp?: string | undefined
  readonly author?: string | undefined
  readonly metadata?: Metadata | undefined
}
