import type { SearchMessagesInput } from '@arawn/core/search-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'

/** `workstream:sequence` of what is found, in the order of the answer. */
export async function found(
  manager: WorkstreamManager,
  query: string,
  input: Omit<SearchMessagesInput, 'query'> = {},
): Promise<string[]> {
  const { items, complete } = await manager.searchMessages({ query, limit: 1_000, ...input })
  if (!complete) throw new Error('search is not level')
  return items.map(({ workstream_id, message }) => `${workstream_id}:${message.sequence}`)
}

/** All that search knows, as far as an answer can tell: every hit of every query, with its score. */
export async function searchKnows(manager: WorkstreamManager, queries: readonly string[]): Promise<unknown> {
  const known: Record<string, unknown> = {}
  for (const query of queries) {
    const { items, complete } = await manager.searchMessages({ query, limit: 1_000, includePromoted: true })
    known[query] = [complete, items.map(({ workstream_id, message, score }) => [workstream_id, message.id, score])]
  }
  return known
}
