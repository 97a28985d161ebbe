import type { Settings } from '@arawn/config/load-settings'
import type { Desk } from '../command.js'
import { badOption } from '../commands/options.js'

/** Serves until a signal comes, then stops in order. */
export async function serve(desk: Desk): Promise<void> {
  const { world, settings, json } = desk
  // What a file or the environment says is for the other commands.
  if (settings.sources.some(({ key, source }) => key === 'client.server' && source === 'flag'))
    throw badOption('--server', 'is for commands that ask a server; serve is one, and takes --data-dir')
  const { serve: start } = await import('@arawn/server/serve')
  const server = await start({
    settings,
    env: world.env,
    models: await world.openModels(settings, world.env),
    openManager: (logger) => world.openManager(settings, world.env, logger),
    version: world.version,
    writeLog: (line) => void world.stderr.write(line),
  })
  try {
    if (json)
      await desk.printJson({ url: server.url, data_dir: settings.workstreams.enabled ? settings.dataDir : null })
    else for (const line of welcome(server.url, settings)) await desk.print(line)
    await signal(world.interrupted)
  } finally {
    await server.stop()
  }
}

function welcome(url: string, { dataDir, workstreams }: Settings): string[] {
  if (!workstreams.enabled) return [`Arawn answers at ${url} and keeps nothing: workstreams are switched off`]
  const post = "curl -s -X POST -H 'Content-Type: application/json'"
  return [
    `Arawn serves ${dataDir} at ${url}`,
    '',
    'Three things to try:',
    `  ${post} ${url}/api/v1/chat -d '{"message": "What did I want to remember?"}'`,
    `  curl -s '${url}/api/v1/workstreams'`,
    `  curl -N '${url}/api/v1/events?since=0'`,
    '',
    `All it does: ${url}/docs    Ctrl-C stops it.`,
  ]
}

function signal(interrupted: AbortSignal): Promise<void> {
  if (interrupted.aborted) return Promise.resolve()
  return new Promise((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }))
}
