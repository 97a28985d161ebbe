import { join } from 'node:path'
import { loadSettings } from '@arawn/config/load-settings'
import { openManager, openModels } from '@arawn/server/compose'
import { serve } from '@arawn/server/serve'
import { onTestFinished } from 'vitest'

/** A server of this data dir on a free port, until the test ends. @returns where it is */
export async function serveDataDir(dataDir: string, more: Record<string, string> = {}): Promise<string> {
  const env = { ...more, ARAWN_DATA_DIR: dataDir, ARAWN_SERVER_PORT: '0', ARAWN_SERVER_LOG_LEVEL: 'silent' }
  const settings = loadSettings({ env, cwd: dataDir, homeDir: join(dataDir, '..'), readFile: () => undefined })
  const server = await serve({
    settings,
    env,
    models: openModels(settings, env),
    openManager: (logger) => openManager(settings, env, logger),
    version: '0.0.0',
    writeLog: () => {},
  })
  onTestFinished(() => server.stop())
  return server.url
}
