import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Desk } from './desk.js'

export function createStatisticsOperations({ index, ask, read }: Desk): Pick<WorkstreamManager, 'stats'> {
  return {
    stats: (reference) =>
      reference === undefined ? ask(() => index.statistics()) : read(reference, ({ id }) => index.statistics(id)),
  }
}
