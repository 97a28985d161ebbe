import { z } from 'zod'

/**
 * Every setting there is: its schema, default, unit and names. Reading, errors, `arawn config show` and the table in
 * docs/configuration.md all come from here.
 */
export interface Setting {
  /** Its name in arawn.toml, with the table: `workstreams.max_history`. */
  readonly key: SettingKey
  readonly environment: string
  /** A flag of the command line, where there is one. */
  readonly flag?: string
  readonly schema: z.ZodType<string | number | boolean>
  /** What a value has to be, in words. */
  readonly expects: string
  /** In words where it depends on other settings. */
  readonly defaultText: string
  readonly unit?: string
  readonly meaning: string
  /** A path in a file is relative to the folder of that file, elsewhere to the current one. */
  readonly isPath?: boolean
}

export type SettingKey =
  | 'data_dir'
  | 'workstreams.enabled'
  | 'workstreams.storage_path'
  | 'workstreams.max_history'
  | 'workstreams.context_window'
  | 'workstreams.session_timeout_minutes'
  | 'workstreams.durability'

const path = z.string().min(1)
const count = z.int().min(1).max(1_000_000)

export const settings: readonly Setting[] = [
  {
    key: 'data_dir',
    environment: 'ARAWN_DATA_DIR',
    flag: '--data-dir',
    schema: path,
    expects: 'a path',
    defaultText: '~/.arawn/data',
    meaning: 'Where everything is kept.',
    isPath: true,
  },
  {
    key: 'workstreams.enabled',
    environment: 'ARAWN_WORKSTREAMS_ENABLED',
    schema: z.boolean(),
    expects: 'true or false',
    defaultText: 'true',
    meaning: 'Whether workstreams can be used at all.',
  },
  {
    key: 'workstreams.storage_path',
    environment: 'ARAWN_WORKSTREAMS_STORAGE_PATH',
    schema: path,
    expects: 'a path',
    defaultText: '<data_dir>/workstreams',
    meaning: 'Where the logs are kept, if not in the data dir.',
    isPath: true,
  },
  {
    key: 'workstreams.max_history',
    environment: 'ARAWN_WORKSTREAMS_MAX_HISTORY',
    schema: count,
    expects: 'a whole number from 1 to 1,000,000',
    defaultText: '1000',
    unit: 'messages',
    meaning: 'How long a session may grow before its earlier part is summarized.',
  },
  {
    key: 'workstreams.context_window',
    environment: 'ARAWN_WORKSTREAMS_CONTEXT_WINDOW',
    schema: count,
    expects: 'a whole number from 1 to 1,000,000',
    defaultText: '50',
    unit: 'messages',
    meaning: 'How many of the latest messages a model is given word for word.',
  },
  {
    key: 'workstreams.session_timeout_minutes',
    environment: 'ARAWN_WORKSTREAMS_SESSION_TIMEOUT_MINUTES',
    schema: z.number().positive().max(525_600),
    expects: 'a number above 0, up to 525,600 (a year)',
    defaultText: '30',
    unit: 'minutes',
    meaning: 'A silence of this length is a border between sessions.',
  },
  {
    key: 'workstreams.durability',
    environment: 'ARAWN_WORKSTREAMS_DURABILITY',
    schema: z.enum(['strict', 'relaxed']),
    expects: '"strict" or "relaxed"',
    defaultText: '"strict"',
    meaning:
      '`strict`: what was acknowledged is on disk. `relaxed`: it is within a second; only a power cut can lose that second.',
  },
]

/** The table of docs/configuration.md. */
export function settingsTable(): string {
  const rows = settings.map(({ key, environment, flag, defaultText, unit, meaning }) => {
    const names = [environment, ...(flag === undefined ? [] : [flag])].map((name) => `\`${name}\``).join(', ')
    return `| \`${key}\` | ${names} | \`${defaultText}\`${unit === undefined ? '' : ` ${unit}`} | ${meaning} |`
  })
  return ['| Setting | Also as | Default | Meaning |', '|---|---|---|---|', ...rows].join('\n')
}
