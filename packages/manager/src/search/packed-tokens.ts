import type { TextAnalyzer, TextTokens } from '@arawn/core/text-analyzer'

/**
 * Tokens of some texts as a few bytes: what waits for the index is no work for the garbage collector, and goes from one thread
 * to another as it is.
 */
export interface PackedTokens {
  /** The words of each text, with a line feed between two texts. */
  readonly words: Uint8Array
  readonly parts: Uint8Array
  readonly wordCounts: readonly number[]
}

export function packTokens(analyzer: TextAnalyzer, texts: readonly string[]): PackedTokens {
  const tokens = texts.map((text) => analyzer.tokensOf(text))
  const encoder = new TextEncoder()
  return {
    words: encoder.encode(tokens.map(({ words }) => words).join(BETWEEN)),
    parts: encoder.encode(tokens.map(({ parts }) => parts).join(BETWEEN)),
    wordCounts: tokens.map(({ wordCount }) => wordCount),
  }
}

/** @returns the tokens of the text with this number, from 0 */
export function unpackTokens({ words, parts, wordCounts }: PackedTokens): (text: number) => TextTokens {
  const decoder = new TextDecoder()
  const wordsOf = decoder.decode(words).split(BETWEEN)
  const partsOf = decoder.decode(parts).split(BETWEEN)
  return (text) => ({ words: wordsOf[text] ?? '', wordCount: wordCounts[text] ?? 0, parts: partsOf[text] ?? '' })
}

// No token has one.
const BETWEEN = '\n'
