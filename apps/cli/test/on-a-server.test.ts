import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Cli, type CliRun, makeCli, type RunOptions } from './run-cli.js'
import { serveDataDir } from './served-data-dir.js'

/** A command, and what has to be done to the data dir before. */
interface Line {
  readonly args: readonly string[]
  readonly options?: RunOptions
  readonly before?: (cli: Cli) => void
}

const $ = (line: string, more: Omit<Line, 'args'> = {}): Line => ({
  args: [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
  ...more,
})

const exported = (name: string) => (cli: Cli) => {
  const line = (n: number) => ({
    type: 'user',
    uuid: `u${n}`,
    sessionId: 'c1',
    timestamp: `2026-01-0${n}T10:00:00.000Z`,
    message: { role: 'user', content: `said on day ${n}` },
  })
  const lines = name === 'more' ? [1, 2, 3] : [1, 2]
  writeFileSync(join(cli.dir, 'old.jsonl'), lines.map((n) => `${JSON.stringify(line(n))}\n`).join(''))
}

const tornTail = (cli: Cli) => {
  const line = { role: 'user', content: 'half a line', timestamp: '2026-01-01T00:00:00.000Z' }
  appendFileSync(join(cli.dataDir, 'workstreams', 'notes', 'messages.jsonl'), JSON.stringify(line))
}

/** Most of what can be typed, in an order in which each finds what it needs. */
const lines: readonly Line[] = [
  $('workstream list'),
  $('send "remember the milk"'),
  $('send -', { options: { stdin: 'from a pipe\n' } }),
  $('workstream create Notes --id notes --tag work --metadata k=v'),
  $('workstream create Notes --id notes'),
  $('workstream create Ideas --id ideas --json --idempotency-key k'),
  $('workstream create Ideas --id ideas --json --idempotency-key k'),
  $('send -w notes "the harbour opens at seven" --author ada'),
  $('send -w notes "an answer" --role assistant --json'),
  $('push notes "build 4 is green" --author ci'),
  $('send -w nots hello'),
  $('send "" -w notes'),
  $('history notes'),
  $('history notes --limit 1'),
  $('history notes --limit 2000'),
  $('history notes --all --json'),
  $('history notes --around 2 --limit 1'),
  $('history notes --after 99'),
  $('history no-such'),
  $('workstream list --json'),
  $('workstream show notes'),
  $('workstream update notes --title "My notes" --no-tags'),
  $('workstream update notes'),
  $('workstream pause notes'),
  $('workstream resume notes --json'),
  $('workstream archive scratch'),
  $('workstream archive ideas'),
  $('send -w ideas hello'),
  $('workstream unarchive ideas'),
  $('workstream fork notes --at 1 --title Copy --id copy'),
  $('session list notes'),
  $('session show notes --json'),
  $('session end notes'),
  $('session end notes'),
  $('session sweep'),
  $('search harbour'),
  $('search harbour --json --limit 150'),
  $('search "!"'),
  $('search harbour --role assistant'),
  $('compress notes'),
  $('compress --all --dry-run'),
  $('summary notes --receipts'),
  $('facts notes'),
  $('context notes --explain'),
  $('context notes --json --message hi'),
  $('models'),
  $('promote --title "Shopping list" --json'),
  $('promote --title Again'),
  $('import old.jsonl --json', { before: exported('first') }),
  $('import old.jsonl', { before: exported('more') }),
  $('import nothing-here.jsonl'),
  $('export notes --format markdown'),
  $('export notes --format openai'),
  $('export notes -o notes.arawn'),
  $('export notes -o notes.arawn'),
  $('import notes.arawn'),
  $('workstream purge notes --yes'),
  $('workstream purge copy --yes --json'),
  $('trash list'),
  $('trash list --json'),
  $('import notes.arawn'),
  $('trash restore notes'),
  $('trash restore copy'),
  $('workstream purge copy --yes'),
  $('trash empty copy --yes'),
  $('trash empty --older-than 3 --yes'),
  $('trash empty --yes --json'),
  $('trash restore nothing'),
  $('chat -m "when does it open?" -w notes'),
  $('chat -m "when does it open?" -w "A new title" --json'),
  $('chat -m hi --model no-such'),
  $('chat -w notes', { options: { typed: 'hello\n/sessions\n/model no-such\n/quit\n' } }),
  $('stats notes --json'),
  $('index rebuild'),
  $('doctor'),
  $('send -w notes "behind a torn tail"', { before: tornTail }),
  // A server makes messages found by itself, sooner or later; a search does so at once.
  $('search behind'),
  $('doctor --json'),
  $('doctor --restore-torn no-such'),
  $('doctor --fix'),
  $('workstream list --limit 1'),
  $('workstream list --all --json'),
]

describe('a command on a server', () => {
  it('says and does what it says and does on a data dir', async () => {
    const [here, there] = [makeCli(), makeCli()]
    const url = await serveDataDir(there.dataDir)
    const [local, remote] = [createNames(), createNames()]
    for (const { args, options, before } of lines) {
      before?.(here)
      before?.(there)
      const expected = await here.with({ ...options }, ...args)
      const said = await there.with({ ...options, env: { ARAWN_SERVER: url }, openManager: refuse }, ...args)
      expect.soft(without(said, there, remote), args.join(' ')).toEqual(without(expected, here, local))
    }
    expect(existsSync(there.dataDir)).toBe(true)
  })

  it('follows what happens there', async () => {
    const cli = makeCli()
    const url = await serveDataDir(cli.dataDir)
    const onServer = { env: { ARAWN_SERVER: url }, openManager: refuse }
    await cli.with(onServer, 'send', 'before')
    const stop = new AbortController()
    let sent: Promise<unknown> | undefined
    const onOut = (out: string) => {
      if (out.includes('before')) sent ??= cli.with(onServer, 'send', 'after')
      if (out.includes('after')) stop.abort(new Error('enough'))
    }
    const { out } = await cli.with({ ...onServer, onOut, interrupted: stop.signal }, 'history', 'scratch', '--follow')
    await sent
    expect(out).toMatch(/before[\s\S]*after/)
  })
})

describe('which server', () => {
  it('is said by the flag, else the environment, else a file; a data dir that is named closer by wins', async () => {
    const cli = makeCli()
    const url = await serveDataDir(join(cli.dir, 'served'))
    const asked = async (env: Record<string, string>, ...args: string[]) => {
      const opened: string[] = []
      await cli.with(
        {
          env,
          openManager: async ({ dataDir }) => {
            opened.push(dataDir)
            throw new Error('not here')
          },
          openClient: async (server, token) => {
            opened.push(token === undefined ? server : `${server} ${token}`)
            throw new Error('not here')
          },
        },
        ...args,
        'workstream',
        'list',
      )
      return opened[0]
    }
    writeFileSync(join(cli.dir, 'arawn.toml'), '[client]\nserver = "http://file"\ntoken_env = "MINE"\n')
    expect(await asked({})).toBe('http://file')
    expect(await asked({ MINE: 't' })).toBe('http://file t')
    expect(await asked({ ARAWN_SERVER: 'http://env' })).toBe('http://env')
    expect(await asked({ ARAWN_SERVER: 'http://env' }, '--server', 'http://flag')).toBe('http://flag')
    expect(await asked({ ARAWN_SERVER: 'http://env' }, '--data-dir', 'd')).toBe(join(cli.dir, 'd'))
    expect(await asked({ ARAWN_DATA_DIR: '/d' })).toBe('/d')
    expect(await asked({ ARAWN_SERVER: 'http://env', ARAWN_DATA_DIR: '/d' })).toBe('http://env')
    expect(await asked({}, '--server', '')).toBe(cli.dataDir)
    writeFileSync(join(cli.dir, 'arawn.toml'), '')
    expect(await asked({ ARAWN_TOKEN: 't' }, '--server', url)).toBe(`${url} t`)
  })

  it('is told on a terminal where nothing is yet, and that it cannot be reached', async () => {
    const cli = makeCli()
    const url = await serveDataDir(cli.dataDir)
    const { err } = await cli.with({ errColumns: 100 }, '--server', url, 'workstream', 'list')
    expect(err).toContain(`nothing is on the server ${url} (--server) yet`)
    const dead = await cli('--server', 'http://127.0.0.1:9', 'workstream', 'list')
    expect(dead).toMatchObject({ code: 5, err: expect.stringContaining('http://127.0.0.1:9 cannot be reached') })
    for (const address of ['127.0.0.1:8080', 'http://user:password@host', 'ftp://host'])
      expect(await cli('--server', address, 'workstream', 'list')).toMatchObject({ code: 2 })
  })

  it('is asked with the token, and a command says where that is looked for', async () => {
    const cli = makeCli()
    const token = 'a token of some length'
    const url = await serveDataDir(cli.dataDir, { ARAWN_SERVER_AUTH_TOKEN_ENV: 'T', T: token })
    expect(await cli('--server', url, 'send', 'hi')).toMatchObject({
      code: 2,
      err: expect.stringContaining('ARAWN_TOKEN'),
    })
    expect(await cli.with({ env: { ARAWN_TOKEN: token } }, '--server', url, 'send', 'hi')).toMatchObject({ code: 0 })
  })

  it('is nothing for serve, and completes titles of its own', async () => {
    const cli = makeCli()
    const url = await serveDataDir(join(cli.dir, 'served'))
    expect(await cli('--server', url, 'serve')).toMatchObject({ code: 2, err: expect.stringContaining('--data-dir') })
    await cli('--server', url, 'workstream', 'create', 'Far away')
    expect((await cli('__complete', 'fish', '--', '--server', url, 'history', 'F')).out).toContain('Far away')
    expect((await cli('--server', url, 'completion', 'bash')).code).toBe(0)
    expect((await cli('--server', url, 'config', 'show')).out).toMatch(/client\.server +http.*--server/)
    expect(existsSync(cli.dataDir)).toBe(false)
  })
})

async function refuse(): Promise<never> {
  throw new Error('a data dir was opened')
}

/** The same name for what is drawn anew each time, by the order in which it is seen first. */
function createNames(): (drawn: string) => string {
  const names = new Map<string, string>()
  return (drawn) => {
    const name = names.get(drawn) ?? `${drawn.split('_')[0]}#${names.size}`
    names.set(drawn, name)
    return name
  }
}

/** What differs between any two runs is left out. */
function without({ code, out, err }: CliRun, { dir }: Cli, nameOf: (drawn: string) => string): CliRun {
  const plain = (text: string) =>
    text
      .replaceAll(dir, '<dir>')
      // What may be sent twice has a key, and the log says so.
      .replace(/,"idempotency":\{"key":"auto-[^}]*\}/g, '')
      .replace(/\b(ws|ses|msg|int|sum|pro|bat|run)_[0-9a-z]{26}\b/g, nameOf)
      .replace(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d[.-]\d{3}Z/g, '<time>')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?/g, '<time>')
      .replace(/\b1[789]\d{11}(\d{3})?\b/g, '<stamp>')
      .replace(/"(index_bytes|score|bytes|durationMs)":[\d.]+/g, '"$1":0')
      // Lines with a key are longer.
      .replace(/"(log_bytes|offset)":\d+/g, '"$1":0')
      .replace(/\d+ bytes written/, '0 bytes written')
      .replace(/(<time>\.\w+ +[\w ]*?) +\d+ /g, '$1 0 ')
      .replace(/\.messages\.\d+\./g, '.messages.0.')
      .replace(/rebuilt in \d+ ms/, 'rebuilt in 0 ms')
      .replace(/"key":"[0-9a-f]{64}"/g, '"key":""')
  return { code, out: plain(out), err: plain(err) }
}
