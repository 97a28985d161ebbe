import type { EmbedRequest } from '@arawn/core/embedder'

type Kind = EmbedRequest['kind']

// What the cards of these models ask for; without it they find less.
const known: readonly (readonly [RegExp, Readonly<Record<Kind, string>>])[] = [
  [/nomic-embed-text/, { query: 'search_query: ', document: 'search_document: ' }],
  [/(^|[/-])e5-/, { query: 'query: ', document: 'passage: ' }],
  [
    /mxbai-embed-large|snowflake-arctic-embed/,
    { query: 'Represent this sentence for searching relevant passages: ', document: '' },
  ],
]

/** What stands before a text for an embedder that tells questions from documents by it. */
export function prefixOf(model: string, kind: Kind): string {
  return known.find(([name]) => name.test(model.toLowerCase()))?.[1][kind] ?? ''
}
