import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { onTestFinished, vi } from 'vitest'

/**
 * Sends `before` and `one` to a new workstream `a`, and stops what `performance.now` tells until the test has ended: the rows of
 * `one` are due soon and not overdue, however slow this machine is.
 *
 * @returns how to let time go on
 */
export async function sendUntilRowsAreDue(manager: WorkstreamManager): Promise<() => void> {
  await manager.createWorkstream({ id: 'a' })
  await manager.sendMessage({ workstream: 'a', content: 'before' })
  await manager.listWorkstreams()
  const stopped = performance.now()
  const now = vi.spyOn(performance, 'now').mockReturnValue(stopped)
  const goOn = () => now.mockRestore()
  onTestFinished(goOn)
  await manager.sendMessage({ workstream: 'a', content: 'one' })
  now.mockReturnValue(stopped + 8)
  return goOn
}
