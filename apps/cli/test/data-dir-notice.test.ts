import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeCli } from './run-cli.js'

const terminal = { errColumns: 80 }

describe('an empty data dir', () => {
  it('is named on a terminal, with why it is this one, until something is in it', async () => {
    const cli = makeCli()
    const { err } = await cli.with(terminal, 'workstream', 'list')
    expect(err).toBe(
      `arawn: nothing is in the data dir ${cli.dataDir} (the default) yet\n` +
        '  To choose another: --data-dir, ARAWN_DATA_DIR, or data_dir in arawn.toml.\n',
    )
    expect((await cli.with(terminal, 'send', 'x')).err).toContain('(the default)')
    expect((await cli.with(terminal, 'send', 'x')).err).toBe('')
  })

  it('is said to come from the flag, the variable or the file', async () => {
    const cli = makeCli()
    writeFileSync(join(cli.dir, 'arawn.toml'), 'data_dir = "f"\n')
    const why = async (env: Record<string, string>, ...args: string[]) =>
      (await cli.with({ ...terminal, env }, ...args, 'doctor')).err.split('\n')[0]
    expect(await why({})).toContain(`${join(cli.dir, 'f')} (${join(cli.dir, 'arawn.toml')}:1)`)
    expect(await why({ ARAWN_DATA_DIR: 'e' })).toContain(`${join(cli.dir, 'e')} (ARAWN_DATA_DIR)`)
    expect(await why({ ARAWN_DATA_DIR: 'e' }, '--data-dir', 'd')).toContain(`${join(cli.dir, 'd')} (--data-dir)`)
  })

  it('is not spoken of with --json or --quiet, or where nobody looks', async () => {
    const cli = makeCli()
    for (const [options, ...args] of [
      [terminal, 'workstream', 'list', '--json'],
      [terminal, 'workstream', 'list', '--quiet'],
      [terminal, '-q', 'workstream', 'list'],
      [{}, 'workstream', 'list'],
    ] as [object, ...string[]][])
      expect(await cli.with(options, ...args)).toMatchObject({ code: 0, err: '' })
  })

  it('does not hide an error behind --quiet', async () => {
    expect(await makeCli().with(terminal, '-q', 'history', 'nothing')).toMatchObject({
      code: 3,
      err: expect.stringContaining('no workstream has'),
    })
  })
})
