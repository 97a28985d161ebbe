import type { Desk } from '../command.js'
import { renderTable } from '../terminal/table.js'

export async function showConfig(desk: Desk): Promise<void> {
  const { sources } = desk.settings
  if (desk.json) return desk.printJson(...sources)
  const rows = sources.map(({ key, value, source, origin }) => [key, String(value), origin ?? source])
  return desk.print(renderTable(['SETTING', 'VALUE', 'FROM'], rows, { width: undefined, shrink: [] }))
}
