import type { WorkstreamEvent } from '@arawn/core/workstream-event'

/** The next events, or as many as there are before the iterator ends. */
export async function take(events: AsyncIterator<WorkstreamEvent>, count: number): Promise<WorkstreamEvent[]> {
  const taken: WorkstreamEvent[] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done === true) break
    taken.push(value)
  }
  return taken
}
