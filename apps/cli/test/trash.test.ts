import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Cli, makeCli } from './run-cli.js'

async function withWorkstream(): Promise<Cli> {
  const cli = makeCli()
  await cli('workstream', 'create', 'Notes', '--id', 'n')
  await cli('send', '-w', 'n', 'one')
  await cli('send', '-w', 'n', 'two')
  return cli
}

describe('arawn workstream purge', () => {
  it('asks on a terminal, and takes only yes for a yes', async () => {
    const cli = await withWorkstream()
    for (const typed of ['\n', 'n\n', 'yesterday\n', ''])
      expect(await cli.with({ typed }, 'workstream', 'purge', 'notes')).toMatchObject({
        code: 4,
        err: 'Move n  Notes with 2 messages to the trash? [y/N] Nothing was done.\n',
      })
    expect((await cli('workstream', 'show', 'n')).code).toBe(0)
    const { code, out } = await cli.with({ typed: 'Y\n' }, 'workstream', 'purge', 'notes')
    expect(code).toBe(0)
    expect(out).toMatch(/^purged n {2}Notes\nto undo it: arawn trash restore \S+\.n\n$/)
    expect((await cli('workstream', 'show', 'n')).code).toBe(3)
  })

  it('needs --yes without a terminal', async () => {
    const cli = await withWorkstream()
    expect(await cli.with({ stdin: 'y\n' }, 'workstream', 'purge', 'n')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes is required'),
    })
    expect(await cli.with({ stdin: '' }, 'workstream', 'purge', 'n', '--yes')).toMatchObject({ code: 0, err: '' })
  })

  it('refuses scratch', async () => {
    const cli = await withWorkstream()
    await cli('send', 'to scratch')
    expect((await cli('workstream', 'purge', 'scratch', '--yes')).code).toBe(4)
    expect((await cli('history', 'scratch')).out).toContain('to scratch')
  })

  it('names the forks that stay', async () => {
    const cli = await withWorkstream()
    await cli('workstream', 'fork', 'n', '--id', 'f')
    expect((await cli('workstream', 'purge', 'n', '--yes')).out).toContain('its fork f stays\n')
    expect((await cli('workstream', 'purge', 'f', '--yes', '--json')).out).toMatch(/"elsewhere":\{.*"forkedFrom":\{"w/)
  })
})

describe('arawn trash', () => {
  it('lists, restores and empties', async () => {
    const cli = await withWorkstream()
    expect((await cli('trash', 'list')).out).toBe('The trash is empty.\n')
    await cli('workstream', 'purge', 'n', '--yes')
    expect((await cli('trash', 'list')).out).toMatch(/^ENTRY +TITLE +BYTES +PURGED\n\S+Z\.n +Notes +\d+ +just now\n$/)
    expect((await cli('trash', 'restore', 'n')).out).toBe('restored n  Notes\n')
    expect((await cli('history', 'n')).out).toContain('two')
    await cli('workstream', 'purge', 'n', '--yes')
    const { name } = JSON.parse((await cli('trash', 'list', '--json')).out)
    expect(await cli('trash', 'empty', '--older-than', '1', '--yes')).toMatchObject({
      code: 0,
      out: 'There was nothing to delete.\n',
    })
    expect((await cli.with({ typed: 'no\n' }, 'trash', 'empty', name)).code).toBe(4)
    expect((await cli.with({ typed: 'y\n' }, 'trash', 'empty', name)).out).toMatch(/^deleted \S+\.n {2}\d+ bytes\n$/)
    expect(readdirSync(join(cli.dataDir, 'trash'))).toEqual([])
    expect((await cli('trash', 'empty', name, '--yes')).code).toBe(3)
    expect(await cli('trash', 'restore', 'n')).toMatchObject({
      code: 3,
      err: expect.stringContaining('arawn trash list'),
    })
  })

  it('names an entry by a title, or by part of a name or an id', async () => {
    const cli = await withWorkstream()
    await cli('workstream', 'create', 'Release', '--id', 'release-notes')
    for (const id of ['n', 'release-notes']) await cli('workstream', 'purge', id, '--yes')
    expect((await cli('trash', 'restore', 'NOTES')).out).toBe('restored n  Notes\n')
    await cli('workstream', 'purge', 'n', '--yes')
    const [, time = ''] = /"name":"([^"]+)\.n"/.exec((await cli('trash', 'list', '--json')).out) ?? []
    expect((await cli('trash', 'restore', time)).out).toBe('restored n  Notes\n')
    expect((await cli.with({ typed: 'y\n' }, 'trash', 'empty', 'rele')).err).toMatch(
      /^Delete for good: \S+\.release-notes Release\? /,
    )
    expect((await cli('trash', 'list', '--json')).out).not.toContain('release')
  })

  it('deletes nothing when several entries may be meant, and lists them', async () => {
    const cli = await withWorkstream()
    for (const title of ['Notes', 'Other']) {
      await cli('workstream', 'purge', 'n', '--yes')
      await cli('workstream', 'create', title, '--id', 'n')
    }
    await cli('workstream', 'purge', 'n', '--yes')
    const names = (await cli('trash', 'list', '--json')).out.match(/(?<="name":")[^"]+/g) ?? []
    expect(names).toHaveLength(3)
    for (const reference of ['n', names[0]?.slice(0, 4) ?? '']) {
      const { code, err } = await cli('trash', 'empty', reference, '--yes')
      expect(code).toBe(4)
      for (const name of names) expect(err).toContain(`\n  ${name} `)
    }
    expect(readdirSync(join(cli.dataDir, 'trash'))).toHaveLength(3)
    expect((await cli('trash', 'restore', 'n')).out).toBe('restored n  Other\n')
  })

  it('shows on a terminal what names an entry', async () => {
    const cli = makeCli()
    const title = 'Much to say about very little'
    await cli('workstream', 'create', title)
    await cli('workstream', 'purge', title, '--yes')
    const { out } = await cli.with({ columns: 80 }, 'trash', 'list')
    expect(out).toContain(title)
    const [shown = ''] = out.split('\n')[1]?.split(' ') ?? []
    expect(await cli('trash', 'restore', shown)).toMatchObject({ code: 0 })
  })

  it('lies beside the logs when they are kept elsewhere', async () => {
    const cli = makeCli()
    const env = { ARAWN_WORKSTREAMS_STORAGE_PATH: join(cli.dir, 'elsewhere') }
    await cli.with({ env }, 'workstream', 'create', 'Notes', '--id', 'n')
    expect((await cli.with({ env }, 'workstream', 'purge', 'n', '--yes')).code).toBe(0)
    expect(readdirSync(join(cli.dir, 'elsewhere', '.trash'))).toHaveLength(1)
    expect((await cli.with({ env }, 'trash', 'restore', 'n')).code).toBe(0)
    expect((await cli.with({ env }, 'workstream', 'list', '--json')).out).toContain('"id":"n"')
  })
})

describe('arawn workstream fork', () => {
  it('copies up to a message', async () => {
    const cli = await withWorkstream()
    expect((await cli('workstream', 'fork', 'notes', '--at', '1', '--id', 'f')).out).toBe(
      'created f  Notes (fork), 1 message\n',
    )
    const fork = JSON.parse((await cli('workstream', 'fork', 'f', '--title', 'Other', '--json')).out)
    expect(fork).toMatchObject({ title: 'Other', message_count: 1, forked_from: { workstream_id: 'f' } })
    expect((await cli('workstream', 'show', 'f')).out).toMatch(/^fork of {3}n, up to msg_\w+$/m)
    expect((await cli('workstream', 'fork', 'n', '--at', '7')).code).toBe(3)
    expect((await cli('workstream', 'fork', 'n', '--id', 'f')).code).toBe(4)
  })
})

describe('arawn doctor', () => {
  const hand = '{"role":"user","content":"almost lost","timestamp":"2026-01-15T10:00:00Z"}'
  const append = (cli: Cli, text: string) => appendFileSync(join(cli.dataDir, 'workstreams/n/messages.jsonl'), text)

  it('shows a torn tail that was kept, and gives back what is complete in it when asked', async () => {
    const cli = await withWorkstream()
    append(cli, hand)
    await cli('send', '-w', 'n', 'three')
    append(cli, '{"role":"user","cont')
    await cli('send', '-w', 'n', 'four')
    const { code, out } = await cli('doctor')
    expect(code).toBe(0)
    expect(out).toMatch(/kept {5}\d+ bytes of an unfinished line of messages\.jsonl of n, just now: /)
    expect(out).toContain('user: almost lost\n')
    expect(out).toContain('{"role":"user","cont\n')
    const [, name = ''] = /--restore-torn (\S+)/.exec(out) ?? []
    expect((await cli('doctor', '--restore-torn', name)).out).toBe('1 message appended to n\n')
    expect((await cli('doctor', '--restore-torn', name)).out).toBe('0 messages appended to n; 1 there already\n')
    const history = (await cli('history', 'n', '--json')).out.trim().split('\n')
    expect(history.map((line) => JSON.parse(line).content)).toEqual(['one', 'two', 'three', 'four', 'almost lost'])
    const other = readdirSync(join(cli.dataDir, 'quarantine')).find((file) => file !== name)
    expect(await cli('doctor', '--restore-torn', other ?? '')).toMatchObject({ code: 2 })
    expect(await cli('doctor', '--restore-torn', 'x.torn')).toMatchObject({ code: 3 })
  })

  it('fixes what loses nothing, says what it did, and is content then', async () => {
    const cli = await withWorkstream()
    const leftover = join(cli.dataDir, 'workstreams/.restoring-1')
    mkdirSync(leftover)
    expect(await cli('doctor')).toMatchObject({ code: 0, out: expect.stringContaining(`${leftover}; of no use`) })
    const { code, out } = await cli('doctor', '--fix')
    expect([code, out]).toEqual([0, `fixed    removed ${leftover}\n1 workstream, 2 messages\nAll is well.\n`])
    expect(existsSync(leftover)).toBe(false)
    expect(JSON.parse((await cli('doctor', '--fix', '--json')).out)).toMatchObject({ done: [], report: { ok: true } })
  })

  it('does one thing at a time', async () => {
    expect((await makeCli()('doctor', '--fix', '--restore-torn', 'x')).code).toBe(2)
  })
})
