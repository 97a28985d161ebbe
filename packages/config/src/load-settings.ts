import { dirname, isAbsolute, join, resolve } from 'node:path'
import { nearestNames } from '@arawn/core/nearest'
import { configInvalid } from './file/config-invalid.js'
import { type FileValue, readConfigFile } from './file/read-config-file.js'
import { type Setting, type SettingKey, settings } from './setting.js'

export interface Settings {
  readonly dataDir: string
  readonly workstreams: {
    readonly enabled: boolean
    readonly storagePath: string
    readonly maxHistory: number
    readonly contextWindow: number
    readonly sessionTimeoutMinutes: number
    readonly durability: 'strict' | 'relaxed'
  }
  /** Every setting with where its value comes from, in the order of the documentation. */
  readonly sources: readonly SettingSource[]
}

export interface SettingSource {
  readonly key: SettingKey
  readonly value: string | number | boolean
  readonly source: 'default' | 'file' | 'environment' | 'flag'
  /** `file:line`, the variable or the flag; null for a default. */
  readonly origin: string | null
}

export interface SettingsInput {
  /** Values of flags by their setting, and the file named by `--config`. */
  readonly flags?: { readonly dataDir?: string | undefined; readonly config?: string | undefined }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
  /** undefined when there is no such file. */
  readonly readFile: (path: string) => string | undefined
}

/**
 * Settings from flags, then environment, then arawn.toml, then defaults.
 *
 * The file is the one named by `--config` or `ARAWN_CONFIG`, else `arawn.toml` in the current folder, else
 * `~/.arawn/arawn.toml`.
 *
 * @throws CONFIG_INVALID an unknown name or a bad value, with its file and line and what may have been meant
 */
export function loadSettings(input: SettingsInput): Settings {
  refuseUnknownVariables(input.env)
  const file = findFile(input)
  const found = new Map<SettingKey, SettingSource>()
  for (const setting of settings) found.set(setting.key, sourceOf(setting, input, file, found))
  const value = <Value>(key: SettingKey) => found.get(key)?.value as Value
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
    sources: [...found.values()],
  }
}

interface ConfigFile {
  readonly path: string
  readonly values: ReadonlyMap<string, FileValue>
}

function findFile({ flags, env, cwd, homeDir, readFile }: SettingsInput): ConfigFile | undefined {
  const named = flags?.config ?? env.ARAWN_CONFIG
  const candidates =
    named === undefined || named === ''
      ? [join(cwd, 'arawn.toml'), join(homeDir, '.arawn', 'arawn.toml')]
      : [resolve(cwd, withHome(named, homeDir))]
  for (const path of candidates) {
    const text = readFile(path)
    if (text !== undefined) return { path, values: readConfigFile(path, text) }
  }
  if (named === undefined || named === '') return undefined
  const key = flags?.config === undefined ? 'ARAWN_CONFIG' : '--config'
  throw configInvalid({ file: candidates[0] ?? named, line: null, key }, 'there is no such file')
}

function sourceOf(
  setting: Setting,
  { flags, env, cwd, homeDir }: SettingsInput,
  file: ConfigFile | undefined,
  found: ReadonlyMap<SettingKey, SettingSource>,
): SettingSource {
  const { key, environment, flag } = setting
  const fromFlag = key === 'data_dir' ? flags?.dataDir : undefined
  if (fromFlag !== undefined && flag !== undefined) {
    const value = check(setting, fromFlag, { file: null, line: null, key: flag })
    return { key, value: placed(setting, value, cwd, homeDir), source: 'flag', origin: flag }
  }
  const fromEnvironment = env[environment]
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    const value = check(setting, asTyped(setting, fromEnvironment), { file: null, line: null, key: environment })
    return { key, value: placed(setting, value, cwd, homeDir), source: 'environment', origin: environment }
  }
  const fromFile = file?.values.get(key)
  if (file !== undefined && fromFile !== undefined) {
    const value = check(setting, fromFile.value, { file: file.path, line: fromFile.line, key })
    return { key, value: placed(setting, value, dirname(file.path), homeDir), source: 'file', origin: fromFile.origin }
  }
  return { key, value: defaultOf(key, homeDir, found), source: 'default', origin: null }
}

function defaultOf(
  key: SettingKey,
  homeDir: string,
  found: ReadonlyMap<SettingKey, SettingSource>,
): string | number | boolean {
  switch (key) {
    case 'data_dir':
      return join(homeDir, '.arawn', 'data')
    case 'workstreams.enabled':
      return true
    case 'workstreams.storage_path':
      return join(String(found.get('data_dir')?.value), 'workstreams')
    case 'workstreams.max_history':
      return 1_000
    case 'workstreams.context_window':
      return 50
    case 'workstreams.session_timeout_minutes':
      return 30
    case 'workstreams.durability':
      return 'strict'
  }
}

function check(setting: Setting, value: unknown, place: { file: string | null; line: number | null; key: string }) {
  const parsed = setting.schema.safeParse(value)
  if (parsed.success) return parsed.data
  const unit = setting.unit === undefined ? '' : ` (${setting.unit})`
  throw configInvalid(place, `${JSON.stringify(value)} is not ${setting.expects}${unit}`)
}

/** A variable is text; the schema says what it stands for. */
function asTyped(setting: Setting, text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  const isNumber = /^-?\d+(\.\d+)?$/.test(text) && setting.isPath !== true
  return isNumber ? Number(text) : text
}

function placed(setting: Setting, value: string | number | boolean, base: string, homeDir: string) {
  if (setting.isPath !== true || typeof value !== 'string') return value
  const path = withHome(value, homeDir)
  return isAbsolute(path) ? resolve(path) : resolve(base, path)
}

function withHome(path: string, homeDir: string): string {
  return path === '~' ? homeDir : path.startsWith('~/') ? join(homeDir, path.slice(2)) : path
}

/** A typo must not pass in silence: whatever looks like one of ours has to be one of ours. */
function refuseUnknownVariables(env: SettingsInput['env']): void {
  const known = settings.map((setting) => setting.environment)
  for (const name of Object.keys(env)) {
    if (!name.startsWith('ARAWN_WORKSTREAMS_') || known.includes(name)) continue
    const [nearest] = nearestNames(name, known)
    throw configInvalid({ file: null, line: null, key: name }, 'there is no such setting', nearest ?? null)
  }
}
