import type { Desk } from '../command.js'
import { listModelProfiles } from '../models.js'
import { renderTable } from '../terminal/table.js'

export async function listModels(desk: Desk): Promise<void> {
  const { world, json } = desk
  const models = await listModelProfiles(desk)
  if (json) return desk.printJson(...models)
  const rows = models.map(({ profile, provider, model, isDefault, problem }) => [
    profile,
    provider,
    model,
    isDefault ? 'default' : '',
    problem ?? '',
  ])
  return desk.print(
    renderTable(['PROFILE', 'PROVIDER', 'MODEL', 'DEFAULT', 'PROBLEM'], rows, {
      width: world.stdout.columns,
      shrink: [4, 2],
    }),
  )
}
