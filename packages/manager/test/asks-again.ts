import type { LocalWorkstreamManager } from '@arawn/manager/create-workstream-manager'

/** A manager that is told of each list what it answered the last time, as a caller does that keeps answers. */
export function asksAgain(manager: LocalWorkstreamManager): LocalWorkstreamManager {
  const kept = new Map<string, unknown>()
  async function again<Answer>(question: unknown[], ask: (last: Answer | undefined) => Promise<Answer>) {
    const key = JSON.stringify(question)
    const answer = await ask(kept.get(key) as Answer | undefined)
    kept.set(key, answer)
    return answer
  }
  return {
    ...manager,
    listMessages: (ref, query) => again(['messages', ref, query], (last) => manager.listMessages(ref, query, { last })),
    listWorkstreams: (query) => again(['workstreams', query], (last) => manager.listWorkstreams(query, { last })),
  }
}
