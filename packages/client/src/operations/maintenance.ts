import type { MaintenanceOperations, VerifyReport } from '@arawn/core/maintenance-operations'
import type { RouteAnswer } from '@arawn/core/protocol'
import { camelKeys } from '@arawn/core/wire-case'
import type { Calls } from '../http/calls.js'
import { readLines } from '../streams/read-body.js'

/** Looking at every byte takes its time. */
const LONG = { timeoutMs: null }

export function maintenanceOperations({ call, open }: Calls): MaintenanceOperations {
  return {
    stats: (workstream) => call('stats', { query: { workstream } }),
    rebuildIndex: async () => camelKeys(await call('rebuildIndex', {}, LONG)),
    verify: async () => reportOf(await call('verify', {}, LONG)),
    repair: async () => {
      const { done, report } = await call('repair', {}, LONG)
      return { done, report: reportOf(report) } as Awaited<ReturnType<MaintenanceOperations['repair']>>
    },
    restoreTornTail: async (name) => camelKeys(await call('restoreTornTail', { params: { name } })),
    dumpIndex: async function* () {
      yield* readLines(await open('dumpIndex', {}, { accept: 'text/plain', timeoutMs: null }))
    },
  }
}

/** A later version of the server may know more kinds of problems than this one. */
function reportOf(report: RouteAnswer<'verify'>): VerifyReport {
  const { search, quarantine } = report
  return { ...report, search: camelKeys(search), quarantine: quarantine.map(camelKeys) } as VerifyReport
}
