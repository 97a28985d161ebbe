// Makes a migration of what has changed in the schema: `pnpm db:generate --name=what_changed`.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const index = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync('drizzle-kit', ['generate', ...process.argv.slice(2)], {
  cwd: index,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
if (status !== 0) process.exit(status ?? 1)

// What drizzle-kit cannot say: rows of a table whose key has several columns stand in the key itself, once and not twice.
const folder = join(index, 'drizzle')
for (const name of readdirSync(folder).filter((file) => file.endsWith('.sql'))) {
  const path = join(folder, name)
  const sql = readFileSync(path, 'utf8')
  writeFileSync(path, sql.replace(/(\tPRIMARY KEY\(`\w+`(?:, `\w+`)+\)\n\));/g, '$1 WITHOUT ROWID;'))
}
