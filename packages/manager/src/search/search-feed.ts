import type { WorkstreamId } from '@arawn/core/id'
import type { SearchRow } from '@arawn/core/search'
import type { TextTokens } from '@arawn/core/text-analyzer'
import type { IndexedLine, IndexTransaction } from '@arawn/core/workstream-index'
import { searchableText } from '@arawn/engine/searchable-text'
import type { Analysis } from './analysis.js'
import { type PackedTokens, unpackTokens } from './packed-tokens.js'
import { othersTurn, smallStep } from './read-step.js'
import { saidMs } from './said-ms.js'

/**
 * Makes found what is applied while an index is built anew, from lines as they were decoded for their rows:
 *
 *     lines, applied ──analyse──► tokens, kept ──enough──► added
 *
 * To find, read and decode them once more would take a tenth of the whole time. What it leaves out remains a gap.
 */
export interface SearchFeed {
  /** @param lines that have just been applied: the first ones of a workstream, or those behind the call before */
  take(workstreamId: WorkstreamId, lines: readonly IndexedLine[]): Promise<void>
  /** The workstream is not applied after all. */
  drop(workstreamId: WorkstreamId): void
  /**
   * Adds all that was taken.
   *
   * @param onBytes is told how much of the logs can be found now, and of each piece that is added to that
   */
  finish(onBytes: (bytes: number) => void): Promise<void>
  /** Nothing is taken or added afterwards. */
  end(): Promise<void>
}

/**
 * Tokens of so much text are added together. When rows are written next, FTS5 writes all that it has sorted by then: more
 * often than it does by itself would leave more pieces to merge and to search.
 */
const MOST_KEPT = 24 * 1024 * 1024

// Some megabytes of text that another thread has not analysed yet.
const MOST_ASKED = 32

/** Messages that are analysed, and added, in one go while all else waits. */
interface Piece {
  readonly workstreamId: WorkstreamId
  readonly searched: number
  readonly rows: Omit<SearchRow, keyof TextTokens>[]
  readonly tokens: Promise<PackedTokens>
}

export interface FeedParts {
  readonly transaction: IndexTransaction
  readonly analysis: Analysis
  readonly analyzerVersion: number
}

export function createSearchFeed(
  { transaction, analysis, analyzerVersion }: FeedParts,
  { mostKept = MOST_KEPT } = {},
): SearchFeed {
  let takenBytes = 0
  let kept: Piece[] = []
  let keptLength = 0
  /** The workstream that lines are taken of, and those of its messages that are no piece yet. */
  let current: { id: WorkstreamId; searched: number; goesOn: boolean } | undefined
  let rows: Piece['rows'] = []
  let texts: string[] = []
  let length = 0

  function endPiece(): void {
    if (current !== undefined && rows.length > 0) {
      const { id, searched } = current
      const tokens = analysis.tokensOf(texts)
      // Whoever adds it hears of it.
      tokens.catch(() => {})
      kept.push({ workstreamId: id, searched, rows, tokens })
      keptLength += length
      current.searched = rows.at(-1)?.position.sequence ?? searched
    }
    rows = []
    texts = []
    length = 0
  }

  async function addKept(): Promise<void> {
    const pieces = kept
    kept = []
    keptLength = 0
    for (const { workstreamId, searched, rows, tokens } of pieces) {
      const tokensOf = unpackTokens(await tokens)
      const added = await transaction.addToSearch(analyzerVersion, {
        workstreamId,
        searched,
        upTo: rows.at(-1)?.position.sequence ?? searched,
        rows: rows.map(({ position, saidMs, author }, index) => {
          const { words, wordCount, parts } = tokensOf(index)
          // One by one: to spread both takes as long as to make the rows of the message.
          return { position, saidMs, author, words, wordCount, parts }
        }),
      })
      // Nothing that follows it will be, either.
      if (!added && current?.id === workstreamId) current.goesOn = false
      await othersTurn()
    }
  }

  return {
    take: async (workstreamId, lines) => {
      if (current?.id !== workstreamId) {
        endPiece()
        current = { id: workstreamId, searched: 0, goesOn: true }
      }
      for (const { log, line, sequence, stamp, offset, length: bytes } of lines) {
        if (!current.goesOn) return
        if (log !== 'messages' || line.kind !== 'message') continue
        const { message } = line
        const { id, session_id, role, author } = message
        if (id === undefined || session_id === undefined) {
          // Written by hand: what it lacks only its row has.
          endPiece()
          current.goesOn = false
          return
        }
        const position = { id, role, session_id, sequence, stamp, offset, length: bytes, promotion_id: null }
        rows.push({ position, saidMs: saidMs(message, position), author })
        takenBytes += bytes
        texts.push(searchableText(message))
        length += texts.at(-1)?.length ?? 0
        if (rows.length < smallStep.messages && length < smallStep.bytes) continue
        endPiece()
        await kept.at(-MOST_ASKED)?.tokens
        if (keptLength >= mostKept) await addKept()
        else await othersTurn()
      }
    },
    drop: (workstreamId) => {
      if (current?.id === workstreamId) {
        rows = []
        endPiece()
      }
      kept = kept.filter((piece) => piece.workstreamId !== workstreamId)
    },
    finish: async (onBytes) => {
      endPiece()
      await addKept()
      await analysis.end()
      onBytes(takenBytes)
    },
    end: analysis.end,
  }
}
