import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { SubscribeInput, WorkstreamManager } from '@arawn/core/workstream-manager'

import type { Desk } from '../command.js'
import { startDuties } from '../duties.js'

// Any time will do: it is there to be cleared.
const FOR_LONG_MS = 1 << 30

/** A subscription that keeps the process alive, and does meanwhile what a long-running process does. Begins at once. */
export function follow(desk: Desk, manager: WorkstreamManager, input: SubscribeInput): AsyncIterable<WorkstreamEvent> {
  const events = manager.subscribe(input)
  return untilTheyEnd(desk, manager, events)
}

async function* untilTheyEnd(
  desk: Desk,
  manager: WorkstreamManager,
  events: AsyncIterable<WorkstreamEvent>,
): AsyncGenerator<WorkstreamEvent> {
  const duties = startDuties(desk, manager)
  const stayAlive = setInterval(() => {}, FOR_LONG_MS)
  try {
    yield* events
  } finally {
    clearInterval(stayAlive)
    await duties.stop()
  }
}
