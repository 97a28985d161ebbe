import type { WorkstreamId } from '@arawn/core/id'
import type { LogHead, LogHeads } from '@arawn/core/log-store'
import type { LogName } from '@arawn/core/record'
import type { WorkstreamPaths } from '../paths/workstream-path.js'

/** The head of a log that is not there. */
export const absentHead: LogHead = { bytes: 0, generation: '' }

/** Sizes as they are now. @returns undefined when there is no such workstream */
export function measureHeads(paths: WorkstreamPaths, workstreamId: WorkstreamId): LogHeads | undefined {
  return paths.folderExists(workstreamId) ? measureLogs(paths, workstreamId) : undefined
}

/** The same for a folder that was just seen to be one. */
export function measureLogs(paths: WorkstreamPaths, workstreamId: WorkstreamId): LogHeads | undefined {
  return headsOf(
    measureLog(paths, workstreamId, 'workstream'),
    measureLog(paths, workstreamId, 'sessions'),
    measureLog(paths, workstreamId, 'messages'),
  )
}

/**
 * A workstream exists once one of its logs holds a byte: empty files are what a crash or a full disk left of one that
 * was never acknowledged.
 */
export function headsOf(workstream: LogHead, sessions: LogHead, messages: LogHead): LogHeads | undefined {
  if (workstream.bytes + sessions.bytes + messages.bytes === 0) return undefined
  return { workstream, sessions, messages }
}

function measureLog(paths: WorkstreamPaths, workstreamId: WorkstreamId, log: LogName): LogHead {
  const stat = paths.lookAt({ workstreamId, log })
  return stat === undefined ? absentHead : { bytes: stat.sizeBytes, generation: stat.identity }
}
