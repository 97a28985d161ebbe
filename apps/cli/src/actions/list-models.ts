import type { Desk } from '../command.js'
import { renderTable } from '../terminal/table.js'

export async function listModels(desk: Desk): Promise<void> {
  const { world, settings, json } = desk
  const models = await (await world.openModels(settings, world.env)).list()
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
