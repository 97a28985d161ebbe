import { appendFileSync, cpSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openIndexFile } from '../src/file/open-index-file.js'
import { startReplacement } from '../src/file/replacement.js'

function place() {
  const temp = makeTempDir()
  onTestFinished(() => temp.dispose())
  const migrations = join(temp.path, 'drizzle')
  cpSync(fileURLToPath(new URL('../drizzle', import.meta.url)), migrations, { recursive: true })
  return { path: join(temp.path, 'index.db'), migrations }
}

async function build({ path, migrations }: ReturnType<typeof place>): Promise<void> {
  const replacement = startReplacement(path, migrations, { beforeSwap: () => {}, afterSwap: () => {} })
  await replacement.install()
}

function conditionOf({ path, migrations }: ReturnType<typeof place>): string {
  const file = openIndexFile(path, migrations)
  if (file.condition === 'current') for (const { client } of [file.readers, file.writer]) client.close()
  return file.condition
}

describe('a new index', () => {
  it('is of the version that lies there now, also when another one lay there before', async () => {
    const there = place()
    await build(there)
    expect(conditionOf(there)).toBe('current')
    appendFileSync(join(there.migrations, '0000_initial.sql'), '\n-- of a newer version\n')
    expect(conditionOf(there)).toBe('unusable')
    await build(there)
    expect(conditionOf(there)).toBe('current')
  })

  it('can be written by its owner alone, whatever others may do with new files', async () => {
    const there = place()
    const before = process.umask(0)
    try {
      await build(there)
    } finally {
      process.umask(before)
    }
    expect((statSync(there.path).mode & 0o777).toString(8)).toBe('644')
  })
})
