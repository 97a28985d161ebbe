import { loadSettings, type SettingsInput } from '@arawn/config/load-settings'
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
    const { sources, ...settings } = loadSettings(files({}))
    expect(settings).toEqual({
      dataDir: '/home/ada/.arawn/data',
      workstreams: {
        enabled: true,
        storagePath: '/home/ada/.arawn/data/workstreams',
        maxHistory: 1000,
        contextWindow: 50,
        sessionTimeoutMinutes: 30,
        durability: 'strict',
      },
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

  it.each([
    ['an unknown key', '\n[workstreams]\nmax_histroy = 5\n', 3, 'workstreams.max_histroy', 'workstreams.max_history'],
    ['an unknown table', '[workstream]\nmax_history = 5\n', 1, 'workstream', null],
    ['a dotted key', 'workstreams.durabilty = "strict"\n', 1, 'workstreams.durabilty', 'workstreams.durability'],
    ['a bad value', '[workstreams]\n# how long\nmax_history = "many"\n', 3, 'workstreams.max_history', null],
    [
      'a value out of range',
      '[workstreams]\nsession_timeout_minutes = 0\n',
      2,
      'workstreams.session_timeout_minutes',
      null,
    ],
    ['a table that is none', 'workstreams = 5\n', 1, 'workstreams', null],
    ['broken TOML', 'data_dir = "/x"\n[workstreams\n', 2, 'syntax', null],
  ])('says in which line %s stands', (_what, text, line, key, suggestion) => {
    const details = refusal(files({ '/here/arawn.toml': text }))
    expect(details).toMatchObject({ file: '/here/arawn.toml', line, key })
    if (suggestion !== null) expect(details.suggestion).toBe(suggestion)
  })

  it('refuses a mistyped variable and says which one was meant', () => {
    expect(refusal({ ...files({}), env: { ARAWN_WORKSTREAMS_DURABLITY: 'strict' } })).toMatchObject({
      key: 'ARAWN_WORKSTREAMS_DURABLITY',
      suggestion: 'ARAWN_WORKSTREAMS_DURABILITY',
    })
    expect(refusal({ ...files({}), env: { ARAWN_WORKSTREAMS_DURABILITY: 'never' } }).problem).toContain('"relaxed"')
  })

  it('leaves variables alone that are not settings', () => {
    expect(() => loadSettings({ ...files({}), env: { ARAWN_TEST_DATA: '/x', HOME: '/y' } })).not.toThrow()
  })

  it('refuses a named file that is not there', () => {
    expect(refusal({ ...files({}), flags: { config: 'gone.toml' } })).toMatchObject({
      file: '/here/gone.toml',
      key: '--config',
    })
  })
})
