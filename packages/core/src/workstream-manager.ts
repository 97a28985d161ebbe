import type { MaintenanceOperations } from './maintenance-operations.js'
import type { MemoryOperations } from './memory-operations.js'
import type { MessageOperations } from './message-operations.js'
import type { SearchOperations } from './search-operations.js'
import type { SessionOperations } from './session-operations.js'
import type { Stamp } from './stamp.js'
import type { TransferOperations } from './transfer-operations.js'
import type { TrashOperations } from './trash-operations.js'
import type { TurnOperations } from './turn-operations.js'
import type { WorkstreamEvent } from './workstream-event.js'
import type { WorkstreamOperations } from './workstream-operations.js'

/**
 * Everything that can be done with workstreams. All of it goes through one commit path, whoever asks.
 *
 * A `reference` is an exact id, else a title that only one workstream has, upper and lower case alike, else at least
 * four characters of an id that no other has: its beginning, with or without `ws_`, or the end of an id that was drawn.
 * Every method that takes one throws WORKSTREAM_NOT_FOUND (with suggestions) or WORKSTREAM_AMBIGUOUS (with
 * candidates); every method that writes throws WORKSTREAM_ARCHIVED for an archived one, LOCK_TIMEOUT, and the LOG_*
 * errors of the store; INVALID_INPUT names the field. What resolved is on disk.
 */
export interface WorkstreamManager
  extends WorkstreamOperations,
    TrashOperations,
    MessageOperations,
    SearchOperations,
    SessionOperations,
    TurnOperations,
    MemoryOperations,
    TransferOperations,
    MaintenanceOperations {
  /**
   * What happens, in order, for ever: each event once, also those of other processes. With `since` everything behind that
   * place, so that whoever asks again with the last cursor seen misses nothing. Without it from this call on; what another
   * process wrote some milliseconds before may come, too.
   *
   * Events are read from the logs as they are asked for: a slow reader costs no memory. The iterator ends, without an
   * error, on `signal`, on `return` and when the manager is closed. It keeps no process alive.
   *
   * `workstream.resync` says that a workstream got lines from before: it was restored, copied in or edited. Those have no
   * events of their own behind an older cursor; read the workstream again. One that is purged takes its events with it.
   *
   * @throws INVALID_INPUT at once; whatever else goes wrong, from `next`. The last cursor stays good
   */
  subscribe(input?: SubscribeInput): AsyncIterableIterator<WorkstreamEvent>

  /**
   * A `since` for whoever subscribes later and wants what comes from this call on: all that this process has answered before
   * lies at this stamp or before it. Not there for a manager that is somewhere else.
   */
  lastStamp?(): Promise<Stamp>

  close(): Promise<void>
}

export interface SubscribeInput {
  /** The `cursor` of an event, or a stamp: what has it lies before. 0 stands for the beginning. */
  since?: string | Stamp | undefined
  /** Only the events of this one. */
  workstream?: string | undefined
  signal?: AbortSignal | undefined
}
