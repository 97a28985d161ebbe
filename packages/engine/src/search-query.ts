import type { SearchExpression } from '@arawn/core/search'
import type { SearchTerm, TextAnalyzer } from '@arawn/core/text-analyzer'

/**
 * Reads what somebody typed: `words` (all of them), `"a phrase"`, `prefix*`, `-without`, and `OR` between alternatives.
 * Total: any text is a query, perhaps one that asks for nothing. What has no spaces (`src/index.ts`, `a@b.org`) is a
 * phrase by itself. `-without` counts for all alternatives. Terms after the first 64 are not looked at.
 *
 * @returns no alternatives when nothing that can be found was asked for
 */
export function parseSearchQuery(text: string, analyzer: TextAnalyzer): SearchExpression {
  const alternatives: SearchTerm[][] = [[]]
  const without: SearchTerm[] = []
  const said = new Set<string>()
  let plain = true
  let count = 0
  for (const [token, minus = '', phrase, bare] of text.slice(0, MOST_CHARACTERS).matchAll(TOKEN)) {
    if (token === 'OR') {
      plain = false
      alternatives.push([])
      continue
    }
    const quoted = phrase !== undefined
    const written = phrase ?? bare ?? ''
    const prefix = token.endsWith('*')
    const term = analyzer.termOf(written, { prefix })
    if (term === undefined) continue
    if (++count > MOST_TERMS) break
    if (quoted || prefix || minus !== '') plain = false
    said.add(term.words.join(' '))
    // Words in quotes stand as they are written.
    const wanted = quoted && term.words.length > 1 ? { ...term, whole: undefined } : term
    if (minus === '-') without.push(wanted)
    else alternatives.at(-1)?.push(wanted)
  }
  return { alternatives: alternatives.filter((terms) => terms.length > 0), without, plain: plain && said.size > 1 }
}

/** A phrase in quotes, the last of which may be missing, or what has no spaces. */
const TOKEN = /((?:-(?!-))?)(?:"([^"]*)(?:"\*?|$)|([^\s"]+))/gu

const MOST_CHARACTERS = 10_000
const MOST_TERMS = 64
