import type { RecallCandidate } from '@arawn/core/recall'
import type { RecallIndex } from '@arawn/engine/recall'
import { createTextAnalyzer } from '@arawn/engine/text-analyzer'

export const analyzer = createTextAnalyzer()

export interface Said {
  readonly text: string
  readonly author?: string | undefined
}

export interface SaidSession {
  readonly at: string
  readonly messages: readonly Said[]
}

/** What recall asks of an index, from messages in memory. */
export function memoryIndex(sessions: readonly SaidSession[]): RecallIndex {
  const messages = sessions.flatMap((session) => session.messages)
  const tokens = messages.map(({ text }) => {
    const { words, parts } = analyzer.tokensOf(text)
    return { words: words.split(' ').filter((word) => word !== ''), all: new Set(`${words} ${parts}`.split(' ')) }
  })
  const having = (token: string) =>
    Uint32Array.from(tokens.flatMap(({ all }, place) => (all.has(token) ? [place + 1] : []))).reverse()
  let first = 1
  const firsts = sessions.map(({ messages: said }) => {
    first += said.length
    return first - said.length
  })
  const sessionStarts = {
    sequences: Uint32Array.from(firsts),
    saidMs: Float64Array.from(sessions, ({ at }) => Date.parse(at)),
  }
  return {
    shape: async () => ({
      wordCounts: Uint16Array.from(tokens, ({ words }) => words.length),
      sessionStarts,
      authors: [...new Set(messages.flatMap(({ author }) => author ?? []))].sort(),
    }),
    sequencesWith: async (tokens, limit) =>
      tokens.map((token) => (having(token).length > limit ? undefined : having(token))),
    newestWith: async (tokens, limit) => tokens.map((token) => having(token).slice(0, limit)),
    candidates: async (sequences) =>
      sequences.map(
        (sequence): RecallCandidate => ({
          author: messages[sequence - 1]?.author,
          position: {
            id: `msg_${sequence}`,
            role: 'user',
            session_id: 'ses_1',
            sequence,
            stamp: sequence,
            offset: 0,
            length: 0,
            promotion_id: null,
          },
        }),
      ),
  }
}
