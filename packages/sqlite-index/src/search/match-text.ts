import type { SearchExpression } from '@arawn/core/search'
import type { SearchTerm } from '@arawn/core/text-analyzer'

/**
 * An expression in the query language of FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax). Every token stands in
 * quotes, so that nothing in it can be taken for syntax.
 *
 * @returns undefined when it asks for nothing
 */
export function matchText({ alternatives, without }: SearchExpression): string | undefined {
  const wanted = alternatives.filter((terms) => terms.length > 0).map((terms) => group(terms.map(termText), 'AND'))
  if (wanted.length === 0) return undefined
  const any = group(wanted, 'OR')
  return without.length === 0 ? any : `${any} NOT ${group(without.map(termText), 'OR')}`
}

function termText({ words, whole, prefix, also = [] }: SearchTerm): string {
  const star = prefix ? ' *' : ''
  // Order means something in `words` only.
  const column = words.length === 1 ? '' : 'words : '
  const texts = [`${column}${quotedTokens(words)}${star}`, ...also.map((token) => quotedTokens([token]))]
  if (whole !== undefined) texts.push(`${quotedTokens([whole])}${star}`)
  return texts.length === 1 ? texts.join() : group(texts, 'OR')
}

function group(texts: readonly string[], operator: 'AND' | 'OR'): string {
  return `(${texts.join(` ${operator} `)})`
}

/** Next to each other, in this order. */
export function quotedTokens(tokens: readonly string[]): string {
  return `"${tokens.join(' ').replaceAll('"', '""')}"`
}
