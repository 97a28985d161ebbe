import type { WorkstreamManager } from '@arawn/core/workstream-manager'

export function openManager(
  dataDir: string,
  given?: { watchLock?: (wait: () => Promise<unknown>) => Promise<unknown> },
): Promise<WorkstreamManager>
