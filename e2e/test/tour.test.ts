import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

it('the tour shows the whole job and leaves nothing behind', { timeout: 60_000 }, async () => {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/tour.mjs'], { cwd: root, env })
  for (const part of [
    '8 messages added',
    '2 sessions',
    'message 9 of Slack Tide',
    'an unfinished line',
    'All is well.',
  ])
    expect(stdout).toContain(part)
  const dataDir = /happens in (\S+), which/.exec(stdout)?.[1]
  expect(dataDir).toBeDefined()
  expect(existsSync(dataDir ?? '')).toBe(false)
})
