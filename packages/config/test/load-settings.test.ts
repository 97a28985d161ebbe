import { loadSettings, type SettingsInput } from '@arawn/config/load-settings'
import { settings } from '@arawn/config/setting'
import { hasCode, type WorkstreamError } from '@arawn/core/error'
import { describe, expect, it } from 'vitest'

const files = (contents: Record<string, string>): SettingsInput => ({
  env: {},
  cwd: '/here',
  homeDir: '/home/ada',
  readFile: (path) => contents[path],
})

function refusal(input: SettingsInput): WorkstreamError<'CONFIG_INVALID'>['details'] {
  try {
    loadSettings(input)
  } catch (error) {
    if (hasCode(error, 'CONFIG_INVALID')) return error.details
    throw error
  }
  throw new Error('it was accepted')
}

describe('loadSettings', () => {
  it('has a default for everything', () => {
    const { sources, ...values } = loadSettings(files({}))
    expect(values).toEqual({
      dataDir: '/home/ada/.arawn/data',
      workstreams: {
        enabled: true,
        storagePath: '/home/ada/.arawn/data/workstreams',
        maxHistory: 1000,
        contextWindow: 50,
        sessionTimeoutMinutes: 30,
        durability: 'strict',
      },
      context: {
        summaryShare: 0.3,
        recalledShare: 0.2,
        recalledTokens: 4_000,
        recentShare: 0.25,
        expansionModel: null,
        embeddingModel: null,
        recallTimeoutMs: 1_500,
      },
      compression: {
        enabled: true,
        model: null,
        maxSummaryTokens: 1_024,
        tokenThresholdChars: 32_000,
        minMessages: 4,
        retentionTarget: 0.9,
        concurrency: 2,
        maxAttempts: 3,
        batch: false,
      },
      server: {
        host: '127.0.0.1',
        port: 8080,
        authTokenEnv: null,
        allowedHosts: [],
        allowedOrigins: [],
        maxBodyMb: 16,
        requestTimeoutSeconds: 60,
        rateLimitPerMinute: 6_000,
        logLevel: 'info',
      },
      client: { server: null, tokenEnv: 'ARAWN_TOKEN' },
      llm: { defaultProfile: null, idleTimeoutSeconds: 120, profiles: [] },
    })
    expect(sources.every(({ source, origin }) => source === 'default' && origin === null)).toBe(true)
  })

  it('takes a flag before the environment, that before the file, and that before the default', () => {
    const input = files({ '/here/arawn.toml': 'data_dir = "file"\n' })
    const source = (more: Partial<SettingsInput>) => {
      const [dataDir] = loadSettings({ ...input, ...more }).sources
      return [dataDir?.value, dataDir?.source, dataDir?.origin]
    }
    expect(source({})).toEqual(['/here/file', 'file', '/here/arawn.toml:1'])
    expect(source({ env: { ARAWN_DATA_DIR: 'env' } })).toEqual(['/here/env', 'environment', 'ARAWN_DATA_DIR'])
    expect(source({ env: { ARAWN_DATA_DIR: 'env' }, flags: { dataDir: '~/flag' } })).toEqual([
      '/home/ada/flag',
      'flag',
      '--data-dir',
    ])
  })

  it('reads the file that is named, else the one here, else the one at home', () => {
    const contents = {
      '/etc/a.toml': 'data_dir = "/a"',
      '/here/arawn.toml': 'data_dir = "/b"',
      '/home/ada/.arawn/arawn.toml': 'data_dir = "/c"',
    }
    expect(loadSettings({ ...files(contents), flags: { config: '/etc/a.toml' } }).dataDir).toBe('/a')
    expect(loadSettings({ ...files(contents), env: { ARAWN_CONFIG: '/etc/a.toml' } }).dataDir).toBe('/a')
    expect(loadSettings(files(contents)).dataDir).toBe('/b')
    expect(loadSettings({ ...files(contents), cwd: '/elsewhere' }).dataDir).toBe('/c')
  })

  it('takes a path in a file from the folder of that file', () => {
    const text = '[workstreams]\nstorage_path = "logs"\n'
    const settings = loadSettings({ ...files({ '/etc/arawn/a.toml': text }), flags: { config: '/etc/arawn/a.toml' } })
    expect(settings.workstreams.storagePath).toBe('/etc/arawn/logs')
  })

  it('reads numbers and truth values from the environment', () => {
    const env = { ARAWN_WORKSTREAMS_MAX_HISTORY: '7', ARAWN_WORKSTREAMS_ENABLED: 'false', ARAWN_DATA_DIR: '42' }
    const settings = loadSettings({ ...files({}), env })
    expect(settings.workstreams).toMatchObject({ maxHistory: 7, enabled: false })
    expect(settings.dataDir).toBe('/here/42')
  })

  it('lets every other setting come from the environment before the file', () => {
    const text = `[workstreams]
enabled = true
storage_path = "logs"
max_history = 2
context_window = 3
session_timeout_minutes = 4.5
durability = "strict"
[context]
summary_share = 0.2
recalled_share = 0.1
recalled_tokens = 5
recent_share = 0.5
expansion_model = "fast"
embedding_model = "fast/embed"
recall_timeout_ms = 100
[workstream.compression]
enabled = true
model = "fast"
max_summary_tokens = 200
token_threshold_chars = 2000
min_messages = 5
retention_target = 0.5
concurrency = 3
max_attempts = 4
batch = true
[server]
host = "::1"
port = 1
auth_token_env = "A"
allowed_hosts = "a"
allowed_origins = "https://a"
max_body_mb = 1
request_timeout_seconds = 2
rate_limit_per_minute = 1
log_level = "warn"
[client]
server = "http://a"
token_env = "A"
[llm]
default_profile = "fast"
idle_timeout_seconds = 5
`
    const input = files({ '/here/arawn.toml': text })
    const env = {
      ARAWN_WORKSTREAMS_ENABLED: 'false',
      ARAWN_WORKSTREAMS_STORAGE_PATH: '/env/logs',
      ARAWN_WORKSTREAMS_MAX_HISTORY: '20',
      ARAWN_WORKSTREAMS_CONTEXT_WINDOW: '30',
      ARAWN_WORKSTREAMS_SESSION_TIMEOUT_MINUTES: '0.5',
      ARAWN_WORKSTREAMS_DURABILITY: 'relaxed',
      ARAWN_CONTEXT_SUMMARY_SHARE: '0.25',
      ARAWN_CONTEXT_RECALLED_SHARE: '0',
      ARAWN_CONTEXT_RECALLED_TOKENS: '6',
      ARAWN_CONTEXT_RECENT_SHARE: '1',
      ARAWN_CONTEXT_EXPANSION_MODEL: 'slow',
      ARAWN_CONTEXT_EMBEDDING_MODEL: 'slow/embed',
      ARAWN_CONTEXT_RECALL_TIMEOUT_MS: '200',
      ARAWN_WORKSTREAM_COMPRESSION_ENABLED: 'false',
      ARAWN_WORKSTREAM_COMPRESSION_MODEL: 'slow/a-model',
      ARAWN_WORKSTREAM_COMPRESSION_MAX_SUMMARY_TOKENS: '300',
      ARAWN_WORKSTREAM_COMPRESSION_TOKEN_THRESHOLD_CHARS: '3000',
      ARAWN_WORKSTREAM_COMPRESSION_MIN_MESSAGES: '6',
      ARAWN_WORKSTREAM_COMPRESSION_RETENTION_TARGET: '1',
      ARAWN_WORKSTREAM_COMPRESSION_CONCURRENCY: '4',
      ARAWN_WORKSTREAM_COMPRESSION_MAX_ATTEMPTS: '5',
      ARAWN_WORKSTREAM_COMPRESSION_BATCH: 'false',
      ARAWN_SERVER_HOST: 'localhost',
      ARAWN_SERVER_PORT: '0',
      ARAWN_SERVER_AUTH_TOKEN_ENV: 'B',
      ARAWN_SERVER_ALLOWED_HOSTS: 'b, c',
      ARAWN_SERVER_ALLOWED_ORIGINS: 'https://b',
      ARAWN_SERVER_MAX_BODY_MB: '2',
      ARAWN_SERVER_REQUEST_TIMEOUT_SECONDS: '3',
      ARAWN_SERVER_RATE_LIMIT_PER_MINUTE: '0',
      ARAWN_SERVER_LOG_LEVEL: 'silent',
      ARAWN_SERVER: 'https://b/arawn',
      ARAWN_CLIENT_TOKEN_ENV: 'B',
      ARAWN_LLM_DEFAULT_PROFILE: 'slow/a-model',
      ARAWN_LLM_IDLE_TIMEOUT_SECONDS: '6',
    }
    const fromFile = loadSettings(input)
    expect(fromFile.workstreams).toEqual({
      enabled: true,
      storagePath: '/here/logs',
      maxHistory: 2,
      contextWindow: 3,
      sessionTimeoutMinutes: 4.5,
      durability: 'strict',
    })
    expect(fromFile.compression).toEqual({
      enabled: true,
      model: 'fast',
      maxSummaryTokens: 200,
      tokenThresholdChars: 2_000,
      minMessages: 5,
      retentionTarget: 0.5,
      concurrency: 3,
      maxAttempts: 4,
      batch: true,
    })
    expect(fromFile.llm).toEqual({ defaultProfile: 'fast', idleTimeoutSeconds: 5, profiles: [] })
    expect(fromFile.sources.slice(1).map(({ origin }) => origin)).toEqual(
      text.split('\n').flatMap((line, index) => (line.includes('=') ? [`/here/arawn.toml:${index + 1}`] : [])),
    )
    const fromBoth = loadSettings({ ...input, env })
    expect(fromBoth.workstreams).toEqual({
      enabled: false,
      storagePath: '/env/logs',
      maxHistory: 20,
      contextWindow: 30,
      sessionTimeoutMinutes: 0.5,
      durability: 'relaxed',
    })
    expect(fromBoth.compression).toEqual({
      enabled: false,
      model: 'slow/a-model',
      maxSummaryTokens: 300,
      tokenThresholdChars: 3_000,
      minMessages: 6,
      retentionTarget: 1,
      concurrency: 4,
      maxAttempts: 5,
      batch: false,
    })
    expect(fromBoth.llm).toEqual({ defaultProfile: 'slow/a-model', idleTimeoutSeconds: 6, profiles: [] })
    expect(fromBoth.sources.slice(1).map(({ origin }) => origin)).toEqual(Object.keys(env))
  })

  it('names every setting of the table as a source', () => {
    expect(loadSettings(files({})).sources.map(({ key }) => key)).toEqual(settings.map(({ key }) => key))
  })

  it('takes an empty variable as one that is not set', () => {
    const env = { ARAWN_DATA_DIR: '', ARAWN_CONFIG: '', ARAWN_WORKSTREAMS_ENABLED: '', ARAWN_WORKSTREAMS_X: undefined }
    expect(loadSettings({ ...files({}), env }).sources.every(({ source }) => source === 'default')).toBe(true)
  })

  it('keeps the workstreams in the data dir, wherever that is', () => {
    const { workstreams } = loadSettings({ ...files({}), env: { ARAWN_DATA_DIR: '/data/$&' } })
    expect(workstreams.storagePath).toBe('/data/$&/workstreams')
  })

  it('reads a file that an editor gave a byte order mark and CRLF', () => {
    const text = '\uFEFFdata_dir = "/x"\r\n[workstreams]\r\nmax_history = 5\r\n'
    const { dataDir, sources } = loadSettings(files({ '/here/arawn.toml': text }))
    expect(dataDir).toBe('/x')
    expect(sources.find(({ key }) => key === 'workstreams.max_history')?.origin).toBe('/here/arawn.toml:3')
  })
})

describe('the path of a setting', () => {
  it.each([
    ['~', '/home/ada'],
    ['~/data', '/home/ada/data'],
    ['../data', '/data'],
    ['./~bob', '/here/~bob'],
    ['/a/../b/', '/b'],
    ['true', '/here/true'],
  ])('%s from the environment is %s', (path, absolute) => {
    expect(loadSettings({ ...files({}), env: { ARAWN_DATA_DIR: path } }).dataDir).toBe(absolute)
  })

  it('is relative to the file that holds it, also when a relative name led there', () => {
    const contents = { '/here/etc/a.toml': 'data_dir = "data"', '/home/ada/a.toml': 'data_dir = "data"' }
    expect(loadSettings({ ...files(contents), flags: { config: 'etc/a.toml' } }).dataDir).toBe('/here/etc/data')
    expect(loadSettings({ ...files(contents), env: { ARAWN_CONFIG: '~/a.toml' } }).dataDir).toBe('/home/ada/data')
  })

  it('cannot be in the home of somebody else, nor empty', () => {
    expect(refusal(files({ '/here/arawn.toml': 'data_dir = "~bob/x"' }))).toMatchObject({ key: 'data_dir', line: 1 })
    expect(refusal({ ...files({}), flags: { dataDir: '' } })).toMatchObject({ file: null, key: '--data-dir' })
  })
})

describe('a refused arawn.toml', () => {
  const table = '[workstreams]\n'

  it.each([
    ['an unknown key', `\n${table}max_histroy = 5`, 3, 'workstreams.max_histroy', 'workstreams.max_history'],
    ['a dotted key', 'workstreams.durabilty = "strict"', 1, 'workstreams.durabilty', 'workstreams.durability'],
    ['a key outside its table', 'max_history = 5', 1, 'max_history', 'workstreams.max_history'],
    ['a mistyped key outside its table', 'max_histroy = 5', 1, 'max_histroy', 'workstreams.max_history'],
    ['a key in the wrong table', `${table}data_dir = "/x"`, 2, 'workstreams.data_dir', 'data_dir'],
    ['a key in camelCase', 'dataDir = "/x"', 1, 'dataDir', 'data_dir'],
    [
      'a quoted name with a dot',
      '"workstreams.max_history" = 5',
      1,
      '"workstreams.max_history"',
      'workstreams.max_history',
    ],
    ['a mistyped table', '\n[workstrems]\nmax_history = 5', 2, 'workstrems', 'workstreams'],
    [
      'a key in a table that is nearly its own',
      '\n[workstream]\nmax_history = 5',
      3,
      'workstream.max_history',
      'workstreams.max_history',
    ],
    [
      'a name that two tables have',
      '[workstream.compression]\nenabeld = true',
      2,
      'workstream.compression.enabeld',
      'workstream.compression.enabled',
    ],
    [
      'a mistyped table in a table',
      '[workstream.compresion]\nmodel = "x"',
      1,
      'workstream.compresion',
      'workstream.compression',
    ],
    ['a table that nobody knows', `${table}\n[kitchen]\nsink = 5`, 3, 'kitchen', null],
    ['a key that is like none', `${table}kitchen = 5`, 2, 'workstreams.kitchen', null],
    ['a table inside the table', '[workstreams.kitchen]\nsink = 5', 1, 'workstreams.kitchen', null],
    ['a name of JavaScript', `${table}__proto__ = 5`, 2, 'workstreams.__proto__', null],
  ])('says where %s stands, and what it may have meant', (_what, text, line, key, suggestion) => {
    expect(refusal(files({ '/here/arawn.toml': text }))).toEqual({
      file: '/here/arawn.toml',
      line,
      key,
      problem: 'there is no such setting',
      suggestion,
    })
  })

  it.each([
    ['a word for a number', 'max_history = "many"', 'max_history', '1 to 1,000,000, in messages', null],
    ['a number in quotes', 'max_history = "5"', 'max_history', 'whole number', '5'],
    ['a part of a message', 'context_window = 1.5', 'context_window', '1.5 is not a whole number', null],
    ['no number at all', 'context_window = nan', 'context_window', 'nan is not', null],
    ['a number that is too small', 'session_timeout_minutes = 0', 'session_timeout_minutes', 'above 0', null],
    ['a number without end', 'session_timeout_minutes = inf', 'session_timeout_minutes', 'minutes', null],
    ['a date', 'max_history = 2026-01-15', 'max_history', '2026-01-15 is not', null],
    ['a truth value in quotes', 'enabled = "false"', 'enabled', 'true or false', 'false'],
    ['another word', 'durability = "relaxt"', 'durability', '"strict" or "relaxed"', '"relaxed"'],
    ['a number for a path', 'storage_path = 5', 'storage_path', 'path', null],
    ['a table for a number', 'max_history.messages = 5', 'max_history', 'whole number', null],
  ])('says what is expected instead of %s', (_what, text, name, expected, suggestion) => {
    const details = refusal(files({ '/here/arawn.toml': `# ours\n${table}${text}\n` }))
    expect(details).toMatchObject({ file: '/here/arawn.toml', line: 3, key: `workstreams.${name}`, suggestion })
    expect(details.problem.toLowerCase()).toContain(expected)
  })

  it.each([
    ['a header that does not end', 'data_dir = "/x"\n[workstreams\n', 2],
    ['a key that is set twice', `${table}max_history = 1\nmax_history = 2\n`, 3],
    ['a text that does not end', `${table}\nstorage_path = "logs\n`, 3],
  ])('says in which line the syntax breaks: %s', (_what, text, line) => {
    expect(refusal(files({ '/here/arawn.toml': text }))).toMatchObject({
      file: '/here/arawn.toml',
      line,
      key: 'syntax',
    })
  })

  it.each([
    ['a value', 'workstreams = 5'],
    ['a list of tables', '[[workstreams]]\nmax_history = 5'],
  ])('says that a table cannot be %s', (_what, text) => {
    expect(refusal(files({ '/here/arawn.toml': text }))).toMatchObject({ line: 1, key: 'workstreams' })
  })

  it.each([
    ['a named file that is not there', { flags: { config: 'gone.toml' } }, '--config', '/here/gone.toml'],
    ['a file that a variable names', { env: { ARAWN_CONFIG: '~/gone.toml' } }, 'ARAWN_CONFIG', '/home/ada/gone.toml'],
    ['a flag without a name', { flags: { config: '' }, env: { ARAWN_CONFIG: '/here/arawn.toml' } }, '--config', null],
  ])('can be missing: %s', (_what, named, key, file) => {
    expect(refusal({ ...files({ '/here/arawn.toml': '' }), ...named })).toMatchObject({ file, key, line: null })
  })
})

describe('a refused variable', () => {
  it.each([
    ['ARAWN_WORKSTREAMS_DURABLITY', 'ARAWN_WORKSTREAMS_DURABILITY'],
    ['ARAWN_WORKSTREAMS_KITCHEN_SINK', null],
    ['ARAWN_DATA_DRI', 'ARAWN_DATA_DIR'],
    ['ARAWN_DATADIR', 'ARAWN_DATA_DIR'],
    ['ARAWN_WORKSTREAM_ENABLED', 'ARAWN_WORKSTREAMS_ENABLED'],
    ['ARAWN_CONFG', 'ARAWN_CONFIG'],
    ['ARAWN_WORKSTREAM_COMPRESSION_MODLE', 'ARAWN_WORKSTREAM_COMPRESSION_MODEL'],
  ])('%s: there is only %s', (key, suggestion) => {
    expect(refusal({ ...files({}), env: { [key]: '5' } })).toEqual({
      file: null,
      line: null,
      key,
      problem: 'there is no such setting',
      suggestion,
    })
  })

  it.each([
    ['ARAWN_WORKSTREAMS_DURABILITY', 'strct', '"strict" or "relaxed"', '"strict"'],
    ['ARAWN_WORKSTREAMS_ENABLED', 'yes', 'true or false', null],
    ['ARAWN_WORKSTREAMS_MAX_HISTORY', '1e3', 'messages', null],
    ['ARAWN_WORKSTREAMS_SESSION_TIMEOUT_MINUTES', '-5', 'minutes', null],
    ['ARAWN_DATA_DIR', '~bob/x', 'path', null],
    ['ARAWN_WORKSTREAM_COMPRESSION_RETENTION_TARGET', '90', 'from 0 to 1', null],
  ])('%s=%s: the problem says what is expected', (key, text, expected, suggestion) => {
    const details = refusal({ ...files({}), env: { [key]: text } })
    expect(details).toMatchObject({ file: null, line: null, key, suggestion })
    expect(details.problem).toContain(expected)
  })

  it.each(['ARAWN_TEST_DATA', 'ARAWN_SERVICE', 'ARAWN_DEBUG', 'ARAWN_DATA', 'HOME', 'XARAWN_DATA_DIR'])(
    'is none of the variables of others: %s',
    (name) => {
      expect(() => loadSettings({ ...files({}), env: { [name]: '/x' } })).not.toThrow()
    },
  )
})
