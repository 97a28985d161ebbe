import { readFileSync } from 'node:fs'
import { profileFieldsTable } from '@arawn/config/profile-setting'
import { settingsTable } from '@arawn/config/setting'
import { expect, it } from 'vitest'

const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')

it.each([
  ['settings', settingsTable()],
  ['profiles', profileFieldsTable()],
])('the table of %s stands in docs/configuration.md as it is in the code', (name, table) => {
  const [, written] = new RegExp(`<!-- ${name}:begin -->\n([\\s\\S]*?)\n<!-- ${name}:end -->`).exec(page) ?? []
  expect(written).toBe(table)
})
