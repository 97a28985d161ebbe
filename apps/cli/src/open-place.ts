import type { WorkstreamClient } from '@arawn/client/create-workstream-client'
import type { Settings } from '@arawn/config/load-settings'
import { WorkstreamError } from '@arawn/core/error'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { sayWhichDataDir, sayWhichServer } from './place-notice.js'
import { printableLine } from './terminal/printable.js'
import type { World } from './world.js'

/** Whether commands go to a server. */
export function isRemote({ client }: Settings): boolean {
  return client.server !== null
}

/** Opens what a command works on: the server of the settings, or else the data dir. */
export async function openPlace(
  world: World,
  settings: Settings,
  { tells }: { tells: boolean },
): Promise<WorkstreamManager> {
  if (isRemote(settings)) {
    const server = await openServer(world, settings)
    if (tells) await sayWhichServer(world, settings, server)
    return server
  }
  refuseDisabled(settings)
  if (tells) await sayWhichDataDir(world, settings)
  return world.openManager(settings, world.env, {
    info: () => {},
    warn: (message) => {
      if (world.stderr.isTerminal) void world.stderr.write(`arawn: ${printableLine(message)}\n`)
    },
  })
}

export function openServer(world: World, { client: { server, tokenEnv } }: Settings): Promise<WorkstreamClient> {
  const token = tokenEnv === null ? undefined : world.env[tokenEnv]
  return world.openClient(server ?? '', token === '' ? undefined : token)
}

/** @throws WORKSTREAMS_DISABLED */
export function refuseDisabled({ workstreams }: Settings): void {
  if (workstreams.enabled) return
  const message = 'workstreams are switched off by the setting workstreams.enabled'
  throw new WorkstreamError('WORKSTREAMS_DISABLED', message, { setting: 'workstreams.enabled' })
}
