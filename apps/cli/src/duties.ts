import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { type BackgroundDuties, startBackgroundDuties } from '@arawn/manager/background-duties'
import type { Desk } from './command.js'
import { isRemote } from './open-place.js'

/** What a command that runs for long does beside its work. A server does so by itself. */
export function startDuties({ settings }: Desk, manager: WorkstreamManager): BackgroundDuties {
  return isRemote(settings) ? { stop: async () => {} } : startBackgroundDuties(manager)
}
