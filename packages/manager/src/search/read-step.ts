import { hasCode } from '@arawn/core/error'
import type { LogStore } from '@arawn/core/log-store'
import type { SearchAddition, SearchGap, SearchRow } from '@arawn/core/search'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import { searchableText } from '@arawn/engine/searchable-text'
import { readLogged } from '../reading/read-messages.js'

// So much text is analysed and added in some 20 ms: others wait for the write lock no longer than that.
const STEP_BYTES = 256 * 1024
// About as many as have so much text: rows behind the end of a step are read for nothing, and again by the next one.
const STEP_MESSAGES = 300
// Short workstreams share a step.
const STEP_WORKSTREAMS = 100

export interface SearchStep {
  /** Empty when search is level, but for what cannot be read. */
  readonly additions: readonly SearchAddition[]
  readonly bytes: number
  /** Workstreams whose log cannot be read now. */
  readonly unreadable: number
}

/** Reads and analyses the next messages that cannot be found yet. Without any lock, and without writing anything. */
export async function readStep({
  rows,
  log,
  analyzer,
}: {
  rows: IndexReader
  log: LogStore
  analyzer: TextAnalyzer
}): Promise<SearchStep> {
  const additions: SearchAddition[] = []
  let [bytes, messages, unreadable] = [0, 0, 0]
  for (let limit = STEP_WORKSTREAMS; ; limit *= 2) {
    const gaps = await rows.searchGaps(analyzer.version, limit)
    // Those before them in the order were found to be unreadable.
    for (const gap of gaps.slice(additions.length + unreadable)) {
      if (bytes >= STEP_BYTES || messages >= STEP_MESSAGES) return { additions, bytes, unreadable }
      try {
        const read = await readGap(gap)
        additions.push(read.addition)
        bytes += read.bytes
        messages += read.addition.rows.length
      } catch (error) {
        if (!hasCode(error, 'LOG_READ_FAILED')) throw error
        unreadable++
      }
    }
    if (additions.length > 0 || gaps.length < limit) return { additions, bytes, unreadable }
  }

  async function readGap({ workstreamId, searched, applied }: SearchGap) {
    const room = STEP_MESSAGES - messages
    const page = await rows.messages({ workstreamId, after: searched, limit: room, includePromoted: true })
    const positions: MessagePosition[] = []
    let taken = 0
    for (const position of page.items) {
      if (position.sequence > applied || (positions.length > 0 && bytes + taken >= STEP_BYTES)) break
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
      const saidMs = Math.trunc(Date.parse(message.timestamp))
      return [
        {
          position,
          saidMs: Number.isFinite(saidMs) ? saidMs : Math.floor(position.stamp / 1000),
          author: message.author,
          ...analyzer.tokensOf(searchableText(message)),
        },
      ]
    })
    return { addition: { workstreamId, searched, upTo, rows: found }, bytes: taken }
  }
}
