import * as z from 'zod'

/**
 * Every setting there is, but those of profiles (profile-setting.ts). Types, names of variables, reading, errors, `arawn config show` and the table in
 * docs/configuration.md all come from the table below.
 */

export type SettingKey = keyof typeof table
export type SettingValues = { readonly [Key in SettingKey]: z.output<(typeof table)[Key]['schema']> }
export type SettingValue = string | number | boolean

export interface Setting extends SettingFacts {
  /** Its name in arawn.toml, with the table: `workstreams.max_history`. */
  readonly key: SettingKey
  /** Its variable: `ARAWN_WORKSTREAMS_MAX_HISTORY`. */
  readonly environment: string
}

/** What one value has to be. */
export interface ValueFacts {
  readonly schema: z.ZodType<string | number | boolean>
  /** What a value has to be, in words. */
  readonly expects: string
  readonly unit?: string
  readonly meaning: string
  /** What does not fit may be a secret in the wrong place: no error repeats it. */
  readonly isPrivate?: boolean
}

interface SettingFacts extends ValueFacts {
  /** A flag of the command line, where there is one. */
  readonly flag?: '--data-dir' | '--host' | '--port' | '--server'
  /** The name of its variable, where the usual one would be hard to remember. */
  readonly variable?: string
  /** Taken when nobody says otherwise. In a path `~` is the home and `<data_dir>` the value of that setting. */
  readonly default: string | number | boolean
  /** A path in a file is relative to the folder of that file, elsewhere to the current one. */
  readonly isPath?: boolean
}

// `~name` would be a folder called so below the current one, which nobody means.
const path = z.string().regex(/^(?!~[^/\\])[^\0]+$/)
const pathInWords = 'a path ("~/" at its beginning is your home)'
const count = z.int().min(1).max(1_000_000)
const countInWords = 'a whole number from 1 to 1,000,000'
/** Checked one by one where they are used. */
const hostList = z.string().max(10_000)
const modelName = z.string().regex(/^(\S(.*\S)?)?$/)
const modelNameInWords = 'the name of a profile, or of a profile and a model as "profile/model"'

// In the order of reading: a default may name only what stands above it.
const table = {
  data_dir: {
    flag: '--data-dir',
    schema: path,
    expects: pathInWords,
    default: '~/.arawn/data',
    meaning: 'Where everything is kept.',
    isPath: true,
  },
  'workstreams.enabled': {
    schema: z.boolean(),
    expects: 'true or false',
    default: true,
    meaning: 'Whether workstreams can be used at all.',
  },
  'workstreams.storage_path': {
    schema: path,
    expects: pathInWords,
    default: '<data_dir>/workstreams',
    meaning: 'Where the logs are kept, if not in the data dir.',
    isPath: true,
  },
  'workstreams.max_history': {
    schema: count,
    expects: countInWords,
    default: 1_000,
    unit: 'messages',
    meaning: 'How long a session may grow before its earlier part is summarized.',
  },
  'workstreams.context_window': {
    schema: count,
    expects: countInWords,
    default: 50,
    unit: 'messages',
    meaning: 'How many of the latest messages a model is given word for word.',
  },
  'workstreams.session_timeout_minutes': {
    schema: z.number().positive().max(525_600),
    expects: 'a number above 0, up to 525,600 (a year)',
    default: 30,
    unit: 'minutes',
    meaning: 'A silence of this length ends a session; in what is imported it is a border between two.',
  },
  'workstreams.durability': {
    schema: z.enum(['strict', 'relaxed']),
    expects: '"strict" or "relaxed"',
    default: 'strict',
    meaning:
      '`strict`: what was acknowledged is on disk. `relaxed`: it is within a second; only a power cut can lose that second.',
  },
  // Together they leave a tenth for what is said now, whatever they are set to.
  'context.summary_share': {
    schema: z.number().min(0.05).max(0.5),
    expects: 'a number from 0.05 to 0.5',
    default: 0.3,
    meaning: 'How much of what a model can be sent all summaries get at the most.',
  },
  'context.recalled_share': {
    schema: z.number().min(0).max(0.4),
    expects: 'a number from 0 to 0.4',
    default: 0.2,
    meaning: 'How much of it is kept for old messages that are shown again, because they matter for the new one.',
  },
  'context.recalled_tokens': {
    schema: z.int().min(0).max(1_000_000),
    expects: 'a whole number from 0 to 1,000,000',
    default: 4_000,
    unit: 'tokens',
    meaning: 'Old messages get no more than this, however much the model can be sent. 0: none are shown again.',
  },
  'context.recent_share': {
    schema: z.number().min(0).max(1),
    expects: 'a number from 0 to 1',
    default: 0.25,
    meaning: 'How much of the room for old messages the latest ones get first, those included that are shown anyhow.',
  },
  'context.expansion_model': {
    schema: modelName,
    expects: modelNameInWords,
    default: '',
    meaning:
      'Which language model adds words to a question, so that old messages are found that have none of its own. Best a quick and cheap one. Without it no model is asked.',
  },
  'context.embedding_model': {
    schema: modelName,
    expects: modelNameInWords,
    default: '',
    meaning:
      'Which embedder finds old messages by what they mean, such as "ollama/nomic-embed-text" or "openai/text-embedding-3-small". It is given all messages, in the background. Without it there is none.',
  },
  'context.recall_timeout_ms': {
    schema: z.int().min(50).max(60_000),
    expects: 'a whole number from 50 to 60,000',
    default: 1_500,
    unit: 'milliseconds',
    meaning:
      'A turn waits no longer for what these two make of its question. What comes later is kept for the next time.',
  },
  'workstream.compression.enabled': {
    schema: z.boolean(),
    expects: 'true or false',
    default: true,
    meaning: 'Whether summaries are made without being asked for.',
  },
  'workstream.compression.model': {
    schema: modelName,
    expects: modelNameInWords,
    default: '',
    meaning: 'Which language model makes summaries. Without it they are put together by code, out of what was said.',
  },
  'workstream.compression.max_summary_tokens': {
    schema: z.int().min(64).max(100_000),
    expects: 'a whole number from 64 to 100,000',
    default: 1_024,
    unit: 'tokens',
    meaning: 'How long the text of a summary may be.',
  },
  'workstream.compression.token_threshold_chars': {
    schema: z.int().min(1_000).max(100_000_000),
    expects: 'a whole number from 1,000 to 100,000,000',
    default: 32_000,
    unit: 'characters',
    meaning: 'So much text of a running session is summarized before it ends, apart from its latest messages.',
  },
  'workstream.compression.min_messages': {
    schema: count,
    expects: countInWords,
    default: 4,
    unit: 'messages',
    meaning: 'Less than this is not worth a summary.',
  },
  'workstream.compression.retention_target': {
    schema: z.number().min(0).max(1),
    expects: 'a number from 0 to 1',
    default: 0.9,
    meaning: 'The share of names, paths, numbers and decisions that a summary has to keep.',
  },
  'workstream.compression.concurrency': {
    schema: z.int().min(1).max(64),
    expects: 'a whole number from 1 to 64',
    default: 2,
    unit: 'workstreams',
    meaning: 'How many are summarized at the same time in the background.',
  },
  'workstream.compression.max_attempts': {
    schema: z.int().min(1).max(100),
    expects: 'a whole number from 1 to 100',
    default: 3,
    unit: 'attempts',
    meaning: 'How often a summary is tried that fails or keeps too little.',
  },
  'workstream.compression.batch': {
    schema: z.boolean(),
    expects: 'true or false',
    default: false,
    meaning:
      'Whether sessions that ended are summarized through batches of the provider, where it has them: for less, within a day.',
  },
  'server.host': {
    flag: '--host',
    schema: z.string().regex(/^[a-zA-Z0-9.:_-]{1,253}$/),
    expects: 'an address or a host name',
    default: '127.0.0.1',
    meaning: 'Where the server listens. On any address but that of this machine it wants a token.',
  },
  'server.port': {
    flag: '--port',
    schema: z.int().min(0).max(65_535),
    expects: 'a whole number from 0 to 65,535',
    default: 8080,
    meaning: 'The port of the server; 0 takes any that is free.',
  },
  'server.auth_token_env': {
    schema: z.string().regex(/^([A-Za-z_][A-Za-z0-9_]*)?$/),
    expects: 'the name of an environment variable',
    default: '',
    meaning: 'The variable that holds the token which every request has to bring. Without it nobody is asked for one.',
    isPrivate: true,
  },
  'server.allowed_hosts': {
    schema: hostList,
    expects: 'names of hosts, with commas between them',
    default: '',
    meaning: 'Hosts that requests may name, beside the address of the server and those of this machine.',
  },
  'server.allowed_origins': {
    schema: hostList,
    expects: 'origins such as "https://app.example.org", with commas between them',
    default: '',
    meaning: 'Origins whose pages may use the server from a browser.',
  },
  'server.max_body_mb': {
    schema: z.int().min(1).max(1_024),
    expects: 'a whole number from 1 to 1,024',
    default: 16,
    unit: 'MB',
    meaning: 'How large a request may be.',
  },
  'server.request_timeout_seconds': {
    schema: z.int().min(1).max(3_600),
    expects: 'a whole number from 1 to 3,600',
    default: 60,
    unit: 'seconds',
    meaning: 'How long a request may take to arrive, its body included.',
  },
  'server.rate_limit_per_minute': {
    schema: z.int().min(0).max(10_000_000),
    expects: 'a whole number from 0 to 10,000,000',
    default: 6_000,
    unit: 'requests',
    meaning: 'How many requests one address may make in a minute; 0 for no limit.',
  },
  'server.log_level': {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    expects: '"debug", "info", "warn", "error" or "silent"',
    default: 'info',
    meaning: 'What the server writes to its log. Neither keys nor what was said are ever in it.',
  },
  'client.server': {
    flag: '--server',
    variable: 'ARAWN_SERVER',
    schema: z.string().regex(/^(https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?)?$/),
    expects: 'an address such as "http://127.0.0.1:8080"',
    default: '',
    meaning: 'The server that commands go to, instead of a data dir of this machine.',
    isPrivate: true,
  },
  'client.token_env': {
    schema: z.string().regex(/^([A-Za-z_][A-Za-z0-9_]*)?$/),
    expects: 'the name of an environment variable',
    default: 'ARAWN_TOKEN',
    meaning: 'The variable that holds the token for that server. When it is not set, none is sent.',
    isPrivate: true,
  },
  'llm.default_profile': {
    schema: modelName,
    expects: modelNameInWords,
    default: '',
    meaning:
      'Which language model is asked when nobody names one. Without it: the first profile of the file, else what is found.',
  },
  'llm.idle_timeout_seconds': {
    // fetch gives up by itself after five minutes.
    schema: z.number().positive().max(300),
    expects: 'a number above 0, up to 300',
    default: 120,
    unit: 'seconds',
    meaning: 'A provider that says nothing for this long is given up.',
  },
} as const satisfies Record<string, SettingFacts>

const facts: Readonly<Record<SettingKey, SettingFacts>> = table

export const settings: readonly Setting[] = keysOf(facts).map((key) => ({
  key,
  environment: facts[key].variable ?? `ARAWN_${key.replaceAll('.', '_').toUpperCase()}`,
  ...facts[key],
}))

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[]
}

/** The table of docs/configuration.md. */
export function settingsTable(): string {
  const rows = settings.map(({ key, environment, flag, default: value, isPath, unit, expects, meaning }) => {
    const names = [environment, ...(flag === undefined ? [] : [flag])].map((name) => `\`${name}\``).join(', ')
    const usual = `\`${isPath === true ? value : JSON.stringify(value)}\`${unit === undefined ? '' : ` ${unit}`}`
    return `| \`${key}\` | ${names} | ${usual} | ${expects} | ${meaning} |`
  })
  return ['| Setting | Also as | Default | Value | Meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}
