import type { TextAnalyzer } from '@arawn/core/text-analyzer'

/** What a question asks for. */
export interface Question {
  /** Tokens that tell messages apart, each once, in the order of the question. */
  readonly tokens: readonly string[]
  /** Some of those who said something are named, and others are not: what these said. */
  readonly authors: ReadonlySet<string>
}

/** A question may be a pasted file. What it asks stands at its beginning or at its end. */
export const MOST_CHARACTERS = 4_000
const MOST_TOKENS = 64

/**
 * Reads a question. Names of authors are no tokens: they stand in the messages of others, and what an author said does not
 * name them.
 */
export function readQuestion(
  text: string,
  authors: readonly string[],
  { analyzer, stops }: { analyzer: TextAnalyzer; stops: ReadonlySet<string> },
): Question {
  const asked = tokensOf(questionEnds(text, MOST_CHARACTERS), analyzer)
  const names = new Map(authors.map((author) => [author, tokensOf(author, analyzer)]))
  const named = new Set(authors.filter((author) => [...(names.get(author) ?? [])].some((name) => asked.has(name))))
  const ofNames = new Set([...names.values()].flatMap((ofOne) => [...ofOne]))
  const tokens = [...asked].filter((token) => !stops.has(token) && !ofNames.has(token)).slice(0, MOST_TOKENS)
  return { tokens, authors: named.size < authors.length ? named : new Set() }
}

function tokensOf(text: string, analyzer: TextAnalyzer): Set<string> {
  const { words, parts } = analyzer.tokensOf(text)
  return new Set(`${words} ${parts}`.split(' ').filter((token) => token !== ''))
}

/** What it asks, of a text that may be long. */
export function questionEnds(text: string, mostCharacters: number): string {
  return text.length <= mostCharacters
    ? text
    : `${text.slice(0, mostCharacters / 2)} ${text.slice(-mostCharacters / 2)}`
}
