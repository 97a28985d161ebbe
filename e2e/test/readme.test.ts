import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { tempDataDir } from './temp-data-dir.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

it('every command of the README works as it is written, in order', { timeout: 120_000 }, async () => {
  const readme = readFileSync(`${root}/README.md`, 'utf8')
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '')
  const commands = blocks.flatMap((block) => block.split('\n')).filter((line) => line !== '')
  expect(commands.length).toBeGreaterThan(8)
  const env = { ...process.env, NODE_OPTIONS: '', ARAWN_DATA_DIR: tempDataDir() }
  for (const command of commands) {
    expect(command).toMatch(/^npx arawn /)
    // npx finds the same file; going there directly saves a second each.
    const { stdout } = await run('sh', ['-c', command.replace(/^npx arawn/, 'node apps/cli/bin/arawn.mjs')], {
      cwd: root,
      env,
    })
    expect(stdout, command).not.toBe('')
  }
})
