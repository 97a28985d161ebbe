import type { WorkstreamManager } from '@arawn/manager/workstream-manager'

export const operations: Readonly<Record<string, (manager: WorkstreamManager) => Promise<unknown>>>
