import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../src/file/open-database.js'
import { indexDir } from './open-index.js'

it('keeps the rows of a table with a key of several columns in the key, once', async () => {
  const dir = indexDir()
  await dir.openEmpty()
  const client = openDatabase(dir.path, { readonly: true })
  onTestFinished(() => void client.close())
  const tables = client
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_master WHERE type = 'table'`)
    .all()
  const composite = tables.filter(({ sql }) => /PRIMARY KEY\([^)]*,/.test(sql))
  expect(composite.length).toBeGreaterThan(5)
  expect(composite.filter(({ sql }) => !sql.endsWith('WITHOUT ROWID')).map(({ name }) => name)).toEqual([])
})
