import type { WorkstreamManager } from '@arawn/core/workstream-manager'

export const operations: Readonly<Record<string, (manager: WorkstreamManager) => Promise<unknown>>>
