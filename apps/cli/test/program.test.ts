import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorCode } from '@arawn/core/error'
import { errorOutcomes } from '@arawn/core/error-outcome'
import { describe, expect, it } from 'vitest'
import { EXIT, exitCodeOf } from '../src/exit-code.js'
import { Interrupted } from '../src/interruption.js'
import { makeCli } from './run-cli.js'

describe('arawn', () => {
  it('explains itself and suggests what may have been meant', async () => {
    const cli = makeCli()
    expect((await cli('--help')).out).toContain('Examples:')
    expect(await cli('--version')).toMatchObject({ code: 0, out: '0.0.0\n' })
    expect(await cli('hstory')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean history?') })
    expect(await cli('workstream', 'lst')).toMatchObject({ code: 2 })
    expect(await cli('send', '--wrokstream', 'x', 'y')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--workstream'),
    })
  })

  it('shows every setting with its source', async () => {
    const cli = makeCli()
    writeFileSync(join(cli.dir, 'arawn.toml'), '[workstreams]\nmax_history = 7\n')
    const { out } = await cli.with({ env: { ARAWN_DATA_DIR: 'd' } }, 'config', 'show', '--json')
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const row = (key: string) => rows.find((each) => each.key === key)
    expect(row('data_dir')).toMatchObject({
      value: join(cli.dir, 'd'),
      source: 'environment',
      origin: 'ARAWN_DATA_DIR',
    })
    expect(row('workstreams.max_history')).toMatchObject({ value: 7, origin: `${join(cli.dir, 'arawn.toml')}:2` })
    expect(row('workstreams.durability')).toMatchObject({ value: 'strict', source: 'default' })
    expect((await cli('config', 'show')).out).toContain('SETTING')
  })

  it('refuses a typo in arawn.toml with its line', async () => {
    const cli = makeCli()
    writeFileSync(join(cli.dir, 'arawn.toml'), '[workstreams]\nmax_histroy = 7\n')
    const { code, err } = await cli('send', 'x')
    expect(code).toBe(2)
    expect(err).toContain('arawn.toml:2: workstreams.max_histroy')
    expect(err).toContain('did you mean workstreams.max_history?')
  })

  it('does nothing while workstreams are switched off', async () => {
    const { code, err } = await makeCli().with({ env: { ARAWN_WORKSTREAMS_ENABLED: 'false' } }, 'send', 'x')
    expect([code, err]).toEqual([4, expect.stringContaining('workstreams.enabled')])
  })

  it('rebuilds the index and finds all well', async () => {
    const cli = makeCli()
    await cli('send', 'x')
    expect((await cli('index', 'rebuild')).out).toContain('1 workstream, 1 message')
    expect(JSON.parse((await cli('doctor', '--json')).out)).toMatchObject({ ok: true, messages: 1 })
  })

  it('counts as anomalies what a rebuild has bent to fit', async () => {
    const cli = makeCli()
    await cli('workstream', 'create', '--id', 'notes')
    const line = { role: 'user', content: 'by hand', timestamp: '2026-03-02T09:00:00.000Z' }
    appendFileSync(join(cli.dataDir, 'workstreams/notes/messages.jsonl'), `${JSON.stringify(line)}\n`)
    expect((await cli('index', 'rebuild')).out).toContain('1 workstream, 1 message, 1 anomaly (')
  })
})

describe('docs/cli.md', () => {
  // Object.keys forgets which keys there are.
  const codes = Object.keys(errorOutcomes) as ErrorCode[]
  const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')

  it('has every exit code with exactly the errors that give it', () => {
    for (const [name, code] of Object.entries(EXIT)) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${code} |`))
      expect(row, name).toBeDefined()
      const documented = [...(row ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, error]) => error)
      const real = codes.filter((error) => exitCodeOf(error) === code)
      expect(documented.sort(), `errors at ${code}`).toEqual(real.sort())
    }
  })

  it('has an example of every command', async () => {
    const cli = makeCli()
    const commandsOf = async (...path: string[]) => {
      const [, list = ''] = (await cli(...path, '--help')).out.split('Commands:\n')
      const [block = ''] = list.split('\n\n')
      return [...block.matchAll(/^ {2}([a-z]+)/gm)]
        .map(([, name = '']) => [...path, name])
        .filter(([last]) => last !== 'help')
    }
    const found: string[] = []
    for (const path of await commandsOf()) {
      const below = (await commandsOf(...path)).filter((each) => each.at(-1) !== 'help')
      for (const each of below.length === 0 ? [path] : below) found.push(`arawn ${each.join(' ')}`)
    }
    expect(found).toContain('arawn workstream unarchive')
    expect(found.filter((command) => !page.includes(`${command} `) && !page.includes(`${command}\n`))).toEqual([])
  })

  it('shows only commands and options that there are', async () => {
    const cli = makeCli()
    const lines = [...page.matchAll(/^(?:.*\| )?arawn (.+?)(?: {2,}#.*)?$/gm)].map(([, line = '']) => line)
    expect(lines.length).toBeGreaterThan(25)
    for (const line of lines) {
      const words = line.match(/"[^"]*"|\S+/g)?.map((word) => word.replace(/"/g, '')) ?? []
      const ending = new AbortController()
      const forEver = /^(events|serve)|--follow/.test(line)
      if (forEver) setTimeout(() => ending.abort(new Interrupted(130)), 100)
      // Nobody looks for a model elsewhere.
      const env = { ARAWN_LLM_DEFAULT_PROFILE: 'offline', ARAWN_SERVER_PORT: '0', ARAWN_SERVER_LOG_LEVEL: 'silent' }
      const { err } = await cli.with({ stdin: 'text', interrupted: ending.signal, env }, ...words)
      expect(err, line).not.toMatch(/unknown|argument|takes/)
    }
  })
})
