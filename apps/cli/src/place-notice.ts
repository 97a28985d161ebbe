import { readdirSync } from 'node:fs'
import type { Settings } from '@arawn/config/load-settings'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import { printableLine } from './terminal/printable.js'
import type { World } from './world.js'

/** Where nothing is yet, somebody may have meant another place: says which one it is, why, and how to choose. */
export async function sayWhichDataDir({ stderr }: World, { dataDir, workstreams, sources }: Settings): Promise<void> {
  if (hasWorkstreams(workstreams.storagePath)) return
  const why = sources.find(({ key }) => key === 'data_dir')?.origin ?? 'the default'
  await stderr.write(`arawn: nothing is in the data dir ${printableLine(`${dataDir} (${why})`)} yet\n`)
  await stderr.write('  To choose another: --data-dir, ARAWN_DATA_DIR, or data_dir in arawn.toml.\n')
}

/** The same of a server that commands go to. One that cannot be asked says so to the command itself. */
export async function sayWhichServer(
  { stderr }: World,
  { client, sources }: Settings,
  manager: Pick<WorkstreamManager, 'listWorkstreams'>,
): Promise<void> {
  const page = await manager.listWorkstreams({ state: 'all', limit: 1 }).catch(() => undefined)
  if (page === undefined || page.items.length > 0) return
  const why = sources.find(({ key }) => key === 'client.server')?.origin ?? 'the default'
  await stderr.write(`arawn: nothing is on the server ${printableLine(`${client.server} (${why})`)} yet\n`)
  await stderr.write('  To choose another: --server, ARAWN_SERVER, or client.server in arawn.toml.\n')
}

function hasWorkstreams(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => !name.startsWith('.'))
  } catch {
    // It is not there, or will be told of when it is opened.
    return false
  }
}
