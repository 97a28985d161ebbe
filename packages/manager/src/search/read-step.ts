import { hasCode } from '@arawn/core/error'
import type { LogStore } from '@arawn/core/log-store'
import type { SearchAddition, SearchGap, SearchRow } from '@arawn/core/search'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import { searchableText } from '@arawn/engine/searchable-text'
import { readLogged } from '../reading/read-messages.js'
import { saidMs } from './said-ms.js'

/** How much is read and analysed before it is written. */
export interface StepSize {
  readonly bytes: number
  readonly messages: number
}

/**
 * So much text is analysed and added in some 20 ms: others wait for the write lock no longer than that. About as many
 * messages have so much text: rows behind the end of a step are read for nothing, and again by the next one.
 */
export const smallStep: StepSize = { bytes: 256 * 1024, messages: 300 }

/**
 * For those who hold no lock. Analysis and FTS5 both look up words in some megabytes of their own, which each of them has to
 * bring near the processor again when it was the other's turn: with steps of this size a rebuild takes a tenth less time.
 */
export const largeStep: StepSize = { bytes: 8 * smallStep.bytes, messages: 8 * smallStep.messages }

// Short workstreams share a step.
const STEP_WORKSTREAMS = 100

export interface SearchStep {
  /** Empty when search is level, but for what cannot be read. */
  readonly additions: readonly SearchAddition[]
  readonly bytes: number
  /** Workstreams whose log cannot be read now. */
  readonly unreadable: number
}

/**
 * Reads and analyses the next messages that cannot be found yet. Without any lock, and without writing anything.
 *
 * @param size one that is larger than `smallStep` is taken in pieces of that size, and others get their turn between them
 */
export async function readStep(
  { rows, log, analyzer }: { rows: IndexReader; log: LogStore; analyzer: TextAnalyzer },
  size: StepSize,
): Promise<SearchStep> {
  const additions: SearchAddition[] = []
  let [bytes, messages, unreadable, done] = [0, 0, 0, 0]
  const isLarge = size.bytes > smallStep.bytes
  const isFull = () => bytes >= size.bytes || messages >= size.messages
  for (let limit = STEP_WORKSTREAMS; ; limit *= 2) {
    const gaps = await rows.searchGaps(analyzer.version, limit)
    // Those before them in the order were taken, or found to be unreadable.
    for (const gap of gaps.slice(done)) {
      if (isFull()) return { additions, bytes, unreadable }
      done++
      try {
        await takeGap(gap)
      } catch (error) {
        if (!hasCode(error, 'LOG_READ_FAILED')) throw error
        unreadable++
      }
    }
    if (additions.length > 0 || gaps.length < limit) return { additions, bytes, unreadable }
  }

  async function takeGap(gap: SearchGap): Promise<void> {
    for (let { searched } = gap; searched < gap.applied && !isFull(); ) {
      const piece = await readPiece({ ...gap, searched })
      additions.push(piece.addition)
      bytes += piece.bytes
      messages += piece.addition.rows.length
      searched = piece.addition.upTo
      if (isLarge && !isFull()) await othersTurn()
    }
  }

  async function readPiece({ workstreamId, searched, applied }: SearchGap) {
    const room = Math.min(smallStep.messages, size.messages - messages)
    const fullAt = Math.min(size.bytes, bytes + smallStep.bytes)
    const page = await rows.messages({ workstreamId, after: searched, limit: room, includePromoted: true })
    const positions: MessagePosition[] = []
    let taken = 0
    for (const position of page.items) {
      if (position.sequence > applied || (positions.length > 0 && bytes + taken >= fullAt)) break
      positions.push(position)
      taken += position.length
    }
    const next = page.items[positions.length]
    const isLast = next === undefined ? !page.hasMore : next.sequence > applied
    const upTo = isLast ? applied : (positions.at(-1)?.sequence ?? searched)
    const logged = await readLogged(log, workstreamId, positions)
    const found = logged.flatMap((message, index): SearchRow[] => {
      const position = positions[index]
      // A line that was edited in place has other text now; who reads it applies its log afresh.
      if (message === undefined || position === undefined) return []
      return [
        {
          position,
          saidMs: saidMs(message, position),
          author: message.author,
          ...analyzer.tokensOf(searchableText(message)),
        },
      ]
    })
    return { addition: { workstreamId, searched, upTo, rows: found }, bytes: taken }
  }
}

/** Lets everything else that waits in this process happen first. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
