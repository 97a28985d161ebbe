import { dirname, join } from 'node:path'
import { refuseUnknownVariables } from './environment/refuse-unknown-variables.js'
import { configInvalid } from './file/config-invalid.js'
import { type FileContent, readConfigFile } from './file/read-config-file.js'
import type { ProfileSettings } from './profile-setting.js'
import { type Setting, type SettingKey, type SettingValue, type SettingValues, settings } from './setting.js'
import type { SettingSource } from './setting-source.js'
import { checkValue } from './value/check-value.js'
import { placePath } from './value/place-path.js'
import { profileSettings } from './value/profile-settings.js'
import { valueOfText } from './value/value-of-text.js'

export interface Settings {
  readonly dataDir: SettingValues['data_dir']
  readonly workstreams: {
    readonly enabled: SettingValues['workstreams.enabled']
    readonly storagePath: SettingValues['workstreams.storage_path']
    readonly maxHistory: SettingValues['workstreams.max_history']
    readonly contextWindow: SettingValues['workstreams.context_window']
    readonly sessionTimeoutMinutes: SettingValues['workstreams.session_timeout_minutes']
    readonly durability: SettingValues['workstreams.durability']
  }
  /** How the room in a model's window is shared out. */
  readonly context: {
    readonly summaryShare: SettingValues['context.summary_share']
    readonly recalledShare: SettingValues['context.recalled_share']
    readonly recalledTokens: SettingValues['context.recalled_tokens']
    readonly recentShare: SettingValues['context.recent_share']
    /** null: no model is asked for words to look for. */
    readonly expansionModel: string | null
    /** null: messages get no vectors. */
    readonly embeddingModel: string | null
    readonly recallTimeoutMs: SettingValues['context.recall_timeout_ms']
  }
  readonly compression: {
    readonly enabled: SettingValues['workstream.compression.enabled']
    /** null: code makes the summaries. */
    readonly model: string | null
    readonly maxSummaryTokens: SettingValues['workstream.compression.max_summary_tokens']
    readonly tokenThresholdChars: SettingValues['workstream.compression.token_threshold_chars']
    readonly minMessages: SettingValues['workstream.compression.min_messages']
    readonly retentionTarget: SettingValues['workstream.compression.retention_target']
    readonly concurrency: SettingValues['workstream.compression.concurrency']
    readonly maxAttempts: SettingValues['workstream.compression.max_attempts']
    readonly batch: SettingValues['workstream.compression.batch']
  }
  readonly server: {
    readonly host: SettingValues['server.host']
    readonly port: SettingValues['server.port']
    /** null: nobody is asked for a token. */
    readonly authTokenEnv: string | null
    readonly allowedHosts: readonly string[]
    readonly allowedOrigins: readonly string[]
    readonly maxBodyMb: SettingValues['server.max_body_mb']
    readonly requestTimeoutSeconds: SettingValues['server.request_timeout_seconds']
    /** 0: no limit. */
    readonly rateLimitPerMinute: SettingValues['server.rate_limit_per_minute']
    readonly logLevel: SettingValues['server.log_level']
  }
  readonly client: {
    /** null: commands open the data dir. */
    readonly server: string | null
    readonly tokenEnv: string | null
  }
  readonly llm: {
    /** null: the first of `profiles`, else what is found. */
    readonly defaultProfile: string | null
    readonly idleTimeoutSeconds: SettingValues['llm.idle_timeout_seconds']
    /** In the order of the file. */
    readonly profiles: readonly ProfileSettings[]
  }
  /** Every setting with where its value comes from, in the order of the documentation; then those of profiles. */
  readonly sources: readonly SettingSource[]
}

export interface SettingsInput {
  /** Values of flags by their setting, and the file named by `--config`. */
  readonly flags?: {
    readonly dataDir?: string | undefined
    readonly config?: string | undefined
    readonly server?: string | undefined
    readonly host?: string | undefined
    readonly port?: string | undefined
  }
  /** A variable that is empty counts as not set. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
  /** undefined when there is no such file. */
  readonly readFile: (path: string) => string | undefined
}

/**
 * Settings from flags, then environment, then arawn.toml, then defaults.
 *
 * The file is the one named by `--config` or `ARAWN_CONFIG`, which must exist, else `arawn.toml` in the current folder,
 * else `~/.arawn/arawn.toml`. All paths come out absolute.
 *
 * @throws CONFIG_INVALID an unknown name or a bad value, with its file and line and what may have been meant
 * @see docs/configuration.md
 */
export function loadSettings(input: SettingsInput): Settings {
  refuseUnknownVariables(input.env)
  const file = findFile(input)
  const found = new Map<SettingKey, SettingSource>()
  for (const setting of settings) found.set(setting.key, sourceOf(setting, input, file, found))
  const profiles = file?.profiles.map((profile) => profileSettings(file.path, profile)) ?? []
  // Every value has passed the schema of its key.
  const value = <Key extends SettingKey>(key: Key) => found.get(key)?.value as SettingValues[Key]
  return {
    dataDir: value('data_dir'),
    workstreams: {
      enabled: value('workstreams.enabled'),
      storagePath: value('workstreams.storage_path'),
      maxHistory: value('workstreams.max_history'),
      contextWindow: value('workstreams.context_window'),
      sessionTimeoutMinutes: value('workstreams.session_timeout_minutes'),
      durability: value('workstreams.durability'),
    },
    context: {
      summaryShare: value('context.summary_share'),
      recalledShare: value('context.recalled_share'),
      recalledTokens: value('context.recalled_tokens'),
      recentShare: value('context.recent_share'),
      expansionModel: value('context.expansion_model') || null,
      embeddingModel: value('context.embedding_model') || null,
      recallTimeoutMs: value('context.recall_timeout_ms'),
    },
    compression: {
      enabled: value('workstream.compression.enabled'),
      model: value('workstream.compression.model') || null,
      maxSummaryTokens: value('workstream.compression.max_summary_tokens'),
      tokenThresholdChars: value('workstream.compression.token_threshold_chars'),
      minMessages: value('workstream.compression.min_messages'),
      retentionTarget: value('workstream.compression.retention_target'),
      concurrency: value('workstream.compression.concurrency'),
      maxAttempts: value('workstream.compression.max_attempts'),
      batch: value('workstream.compression.batch'),
    },
    server: {
      host: value('server.host'),
      port: value('server.port'),
      authTokenEnv: value('server.auth_token_env') || null,
      allowedHosts: listed(value('server.allowed_hosts')),
      allowedOrigins: listed(value('server.allowed_origins')),
      maxBodyMb: value('server.max_body_mb'),
      requestTimeoutSeconds: value('server.request_timeout_seconds'),
      rateLimitPerMinute: value('server.rate_limit_per_minute'),
      logLevel: value('server.log_level'),
    },
    client: {
      server: isNearer(found.get('data_dir'), found.get('client.server')) ? null : value('client.server') || null,
      tokenEnv: value('client.token_env') || null,
    },
    llm: {
      defaultProfile: value('llm.default_profile') || null,
      idleTimeoutSeconds: value('llm.idle_timeout_seconds'),
      profiles: profiles.map(({ profile }) => profile),
    },
    sources: [...found.values(), ...profiles.flatMap(({ sources }) => sources)],
  }
}

const NEARNESS = ['default', 'file', 'environment', 'flag'] as const satisfies SettingSource['source'][]

/** A data dir that was named closer by than the server is what is meant. */
function isNearer(dataDir: SettingSource | undefined, server: SettingSource | undefined): boolean {
  return NEARNESS.indexOf(dataDir?.source ?? 'default') > NEARNESS.indexOf(server?.source ?? 'default')
}

/** What stands between commas. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

interface ConfigFile extends FileContent {
  readonly path: string
}

function findFile({ flags, env, cwd, homeDir, readFile }: SettingsInput): ConfigFile | undefined {
  const named = nameOfFile(flags?.config, env.ARAWN_CONFIG)
  const candidates =
    named === undefined
      ? [join(cwd, 'arawn.toml'), join(homeDir, '.arawn', 'arawn.toml')]
      : [placePath(named.name, cwd, homeDir)]
  for (const path of candidates) {
    const text = readFile(path)
    if (text !== undefined) return { path, ...readConfigFile(path, text) }
  }
  if (named === undefined) return undefined
  throw configInvalid({ file: candidates[0] ?? named.name, line: null, key: named.key }, 'there is no such file')
}

function nameOfFile(flag: string | undefined, variable: string | undefined) {
  if (flag === '') throw configInvalid({ file: null, line: null, key: '--config' }, 'the name of a file is missing')
  if (flag !== undefined) return { name: flag, key: '--config' }
  return variable === undefined || variable === '' ? undefined : { name: variable, key: 'ARAWN_CONFIG' }
}

function sourceOf(
  setting: Setting,
  { flags, env, cwd, homeDir }: SettingsInput,
  file: ConfigFile | undefined,
  found: ReadonlyMap<SettingKey, SettingSource>,
): SettingSource {
  const { key, environment, flag } = setting
  const placed = (value: SettingValue, base: string) =>
    setting.isPath === true && typeof value === 'string' ? placePath(value, base, homeDir) : value

  const given = {
    '--data-dir': flags?.dataDir,
    '--server': flags?.server,
    '--host': flags?.host,
    '--port': flags?.port,
  }
  const fromFlag = flag === undefined ? undefined : given[flag]
  if (flag !== undefined && fromFlag !== undefined) {
    const value = checkValue(setting, valueOfText(setting, fromFlag), { file: null, line: null, key: flag })
    return { key, value: placed(value, cwd), source: 'flag', origin: flag }
  }
  const text = env[environment]
  if (text !== undefined && text !== '') {
    const value = checkValue(setting, valueOfText(setting, text), { file: null, line: null, key: environment })
    return { key, value: placed(value, cwd), source: 'environment', origin: environment }
  }
  const fromFile = file?.values.get(key)
  if (file !== undefined && fromFile !== undefined) {
    const { line } = fromFile
    const value = checkValue(setting, fromFile.value, { file: file.path, line, key })
    const origin = line === null ? file.path : `${file.path}:${line}`
    return { key, value: placed(value, dirname(file.path)), source: 'file', origin }
  }
  const dataDir = String(found.get('data_dir')?.value)
  const usual =
    typeof setting.default === 'string' ? setting.default.replace('<data_dir>', () => dataDir) : setting.default
  return {
    key,
    value: placed(checkValue(setting, usual, { file: null, line: null, key }), cwd),
    source: 'default',
    origin: null,
  }
}
