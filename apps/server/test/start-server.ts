import { join } from 'node:path'
import { loadSettings } from '@arawn/config/load-settings'
import { API_PREFIX } from '@arawn/core/protocol'
import { openManager, openModels } from '@arawn/server/compose'
import { type RunningServer, serve } from '@arawn/server/serve'
import { type ProviderScript, type ScriptedProvider, startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { makeTempDir } from '@arawn/testkit/temp-dir'
import { onTestFinished } from 'vitest'

export interface TestServer extends RunningServer {
  readonly dataDir: string
  /** What it wrote to its log. */
  readonly log: readonly string[]
  /** Asks it over its socket. */
  ask(method: string, path: string, options?: AskOptions): Promise<TestAnswer>
}

export interface AskOptions {
  /** Sent as JSON; a string and bytes as they are. */
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly json: any
}

export interface TestServerOptions {
  readonly dataDir?: string
  /** Variables of the environment, such as `ARAWN_SERVER_MAX_BODY_MB`. */
  readonly env?: Record<string, string>
  /** A provider of language models; without it there is the offline model. */
  readonly provider?: ScriptedProvider
}

/** The whole server on a free port of this machine, with a data dir of its own. Both are gone when the test ends. */
export async function startServer({ dataDir, env = {}, provider }: TestServerOptions = {}): Promise<TestServer> {
  const dir = dataDir ?? tempDir()
  const log: string[] = []
  const file =
    provider === undefined
      ? undefined
      : `[llm_profiles.test]\nprovider = "openai-compatible"\nbase_url = "${provider.baseUrl}"\nmodel = "scripted"\n`
  const all = { ...env, ARAWN_DATA_DIR: dir, ...(env.ARAWN_SERVER_PORT === undefined && { ARAWN_SERVER_PORT: '0' }) }
  const settings = loadSettings({
    env: all,
    cwd: dir,
    homeDir: dir,
    readFile: (path) => (path === join(dir, 'arawn.toml') ? file : undefined),
  })
  const server = await serve({
    settings,
    env: all,
    models: openModels(settings, all),
    openManager: (logger) => openManager(settings, all, logger),
    version: '0.0.0',
    writeLog: (line) => log.push(line),
  })
  onTestFinished(() => server.stop())
  return { ...server, dataDir: dir, log, ask: (method, path, options) => ask(server.url, method, path, options) }
}

export async function startProvider(script: ProviderScript): Promise<ScriptedProvider> {
  const provider = await startScriptedProvider(script)
  onTestFinished(() => provider.close())
  return provider
}

export function tempDir(): string {
  const dir = makeTempDir()
  onTestFinished(() => dir.dispose())
  return dir.path
}

/** A path without a slash at its beginning lies below the prefix of the version. */
async function ask(
  url: string,
  method: string,
  path: string,
  { body, headers = {} }: AskOptions = {},
): Promise<TestAnswer> {
  const answer = await fetch(`${url}${path.startsWith('/') ? path : `${API_PREFIX}/${path}`}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && {
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined }
}
