import type { SessionId, WorkstreamId } from './id.js'
import type { Message, Role } from './message.js'
import type { SearchOrder } from './search.js'

/** Messages by what they say. */
export interface SearchOperations {
  /**
   * Finds messages by what they say: words (by their stems), `"a phrase"`, `prefix*`, `-without`, and `OR` between
   * alternatives. Any text is a query; one without words finds nothing and says `nothingAsked`.
   *
   * In the order `relevance` messages are ranked as they are for a context: by what they and their neighbours say, what
   * their session is about, days and authors that the query names. Several words and nothing else may be a question:
   * behind the messages with all of them come those that say some, or stand beside messages that do (`partial`). With any
   * of the signs, as `"budget" "may"`, and in the order `newest` there are only messages that match.
   *
   * What makes messages found follows behind the messages. A search first brings it level, for as long as `withinMs`;
   * `complete: false` says that there is more to be found later.
   *
   * Pages go on from `next`: nothing comes twice or is left out, whatever is written, moved or rebuilt meanwhile; what came
   * after the first page is not in the later ones. In the order `relevance` the cursor names all hits that were given, and
   * grows by some bytes with each; to go through very many, ask for `newest`.
   *
   * @throws INVALID_INPUT
   */
  searchMessages(input: SearchMessagesInput): Promise<MessageSearchAnswer>
  /** Brings search level, in small steps between which others write. A server does so in the background. */
  levelSearch(options?: LevelSearchOptions): Promise<{ complete: boolean }>
}

export interface SearchMessagesInput {
  query: string
  workstream?: string | undefined
  session?: SessionId | undefined
  role?: Role | undefined
  /** Exactly as it was given. */
  author?: string | undefined
  /** Said at this time or later; ISO 8601. */
  since?: string | undefined
  /** Said before this time. */
  until?: string | undefined
  /** 1 to 1,000; 20 by default. */
  limit?: number | undefined
  /** The `next` of the page before; the rest of the input stays the same. */
  after?: string | undefined
  /** Also messages that were moved to another workstream. */
  includePromoted?: boolean | undefined
  /** `relevance` by default; equally good ones and `newest`: what was said last comes first. */
  order?: SearchOrder | undefined
  /** How long to bring search level before the answer, milliseconds; 250 by default. */
  withinMs?: number | undefined
}

export interface MessageSearchAnswer {
  items: FoundMessage[]
  /** False when some messages could not be looked at yet. */
  complete: boolean
  /** The query has no words. */
  nothingAsked?: true
  /** Goes on with the next page; undefined when there is none. Opaque. */
  next?: string
}

export interface FoundMessage {
  message: Message
  workstream_id: WorkstreamId
  /** A passage on one line, without control characters. */
  snippet: string
  /** What was found in it: UTF-16 offsets, ascending. */
  highlights: [from: number, to: number][]
  /** Greater is better; comparable within one answer only. Not in the order `newest`. */
  score?: number | undefined
  /** It says some of the words only, or stands beside messages that do. */
  partial?: true | undefined
}

export interface LevelSearchOptions {
  /** For how long at the most, milliseconds; 250 by default. */
  withinMs?: number | undefined
  onProgress?: ((progress: SearchProgress) => void) | undefined
}

export interface SearchProgress {
  messagesDone: number
  messagesTotal: number
}
