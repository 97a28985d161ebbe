import { hasCode } from '@arawn/core/error'
import { SCRATCH_ID } from '@arawn/core/id'
import type { ModelProfile } from '@arawn/core/language-model'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Desk } from './command.js'
import { isRemote, openServer } from './open-place.js'

/** The models that can be asked, the default first: those of the server, when commands go to one. */
export async function listModelProfiles({ world, settings }: Desk): Promise<readonly ModelProfile[]> {
  if (!isRemote(settings)) return (await world.openModels(settings, world.env)).list()
  const server = await openServer(world, settings)
  return server.listModels().finally(() => server.close())
}

/** Sees that a model can be asked, without asking it. @throws MODEL_PROFILE_UNKNOWN | MODEL_KEY_MISSING */
export async function checkModel({ world, settings }: Desk, manager: WorkstreamManager, model: string): Promise<void> {
  if (!isRemote(settings)) {
    await (await world.openModels(settings, world.env)).open(model)
    return
  }
  // Whatever else is wrong is said by what is done next.
  await manager.explainContext(SCRATCH_ID, { model }).catch((error: unknown) => {
    if (hasCode(error, 'MODEL_PROFILE_UNKNOWN') || hasCode(error, 'MODEL_KEY_MISSING')) throw error
  })
}
