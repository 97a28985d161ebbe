import { readFileSync } from 'node:fs'
import { settingsTable } from '@arawn/config/setting'
import { expect, it } from 'vitest'

it('stands in docs/configuration.md as it is in the code', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
  const [, table] = /<!-- settings:begin -->\n([\s\S]*?)\n<!-- settings:end -->/.exec(page) ?? []
  expect(table).toBe(settingsTable())
})
