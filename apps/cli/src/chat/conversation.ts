import type { WorkstreamId } from '@arawn/core/id'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Desk } from '../command.js'

/** Who talks where, and to which model. */
export interface Conversation {
  readonly desk: Desk
  readonly manager: WorkstreamManager
  readonly workstreamId: WorkstreamId
  /** As it was asked for; undefined: what the workstream says, else the settings. */
  readonly model: string | undefined
}
