import { readFileSync } from 'node:fs'
import { loadSettings, type Settings } from '@arawn/config/load-settings'
import { errnoOf } from '@arawn/core/error'
import type { GlobalOptions } from './command.js'
import type { World } from './world.js'

export function readSettings(
  { env, cwd, homeDir }: World,
  { dataDir, config, server, host, port }: GlobalOptions,
): Settings {
  return loadSettings({ flags: { dataDir, config, server, host, port }, env, cwd, homeDir, readFile })
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errnoOf(error))) return undefined
    throw error
  }
}
