import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT, exitCodes } from '../src/exit-code.js'
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
    expect((await cli('index', 'rebuild')).out).toContain('1 workstreams, 1 messages, 0 anomalies')
    expect(JSON.parse((await cli('doctor', '--json')).out)).toMatchObject({ ok: true, messages: 1 })
  })
})

it('documents every exit code with the errors that have it', () => {
  const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')
  for (const [name, code] of Object.entries(EXIT)) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${code} |`))
    expect(row, name).toBeDefined()
    for (const [error, exit] of Object.entries(exitCodes))
      if (exit === code) expect(row, `${error} at ${code}`).toContain(`\`${error}\``)
  }
})
