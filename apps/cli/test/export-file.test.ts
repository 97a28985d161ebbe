import { once } from 'node:events'
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { openManager } from '@arawn/server/compose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeCli } from './run-cli.js'

async function withTalk() {
  const cli = makeCli()
  await cli('workstream', 'create', 'Talk', '--id', 'talk')
  await cli('send', '-w', 'talk', 'one \u009b2J')
  return cli
}

describe('an export to a file', () => {
  it('replaces a file only when told to, and leaves nothing beside it', async () => {
    const cli = await withTalk()
    writeFileSync(join(cli.dir, 'out'), 'precious')
    expect(await cli('export', 'talk', '-o', 'out')).toMatchObject({ code: 4, err: expect.stringContaining('--force') })
    expect(readFileSync(join(cli.dir, 'out'), 'utf8')).toBe('precious')
    const { out } = await cli('export', 'talk', '-o', 'out', '--force', '--json')
    const bytes = readFileSync(join(cli.dir, 'out'))
    expect(JSON.parse(out)).toEqual({ path: join(cli.dir, 'out'), bytes: bytes.byteLength })
    expect(bytes.toString()).toBe((await cli('export', 'talk')).out)
    expect(readdirSync(cli.dir).sort()).toEqual(['.arawn', 'out'])
  })

  it('that fails half-way leaves the old file and no half of a new one', async () => {
    const cli = await withTalk()
    writeFileSync(join(cli.dir, 'out'), 'precious')
    const { code } = await cli.with(
      {
        openManager: async (...given) => {
          const manager = await openManager(...given)
          return {
            ...manager,
            exportNative: async () =>
              (async function* () {
                yield Buffer.from('{}')
                throw new Error('the disk is gone')
              })(),
          }
        },
      },
      'export',
      'talk',
      '-o',
      'out',
      '--force',
    )
    expect(code).toBe(1)
    expect(readFileSync(join(cli.dir, 'out'), 'utf8')).toBe('precious')
    expect(readdirSync(cli.dir).sort()).toEqual(['.arawn', 'out'])
  })

  it('says in a sentence that a file cannot be written', async () => {
    const cli = await withTalk()
    for (const target of ['no/such/folder', '.'])
      expect(await cli('export', 'talk', '-o', target, '--force')).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^arawn: --output .* cannot be written: \w+\n$/),
      })
  })

  it('replaces neither a device, nor a link, nor a folder', async () => {
    const cli = await withTalk()
    const socket = createServer().listen(join(cli.dir, 'device'))
    onTestFinished(() => void socket.close())
    await once(socket, 'listening')
    for (const force of [[], ['--force']]) {
      for (const [target, problem] of [
        ['device', 'cannot be written: it is no regular file'],
        ['.', 'cannot be written: EISDIR'],
        ['', 'is empty'],
      ] as const)
        expect(await cli('export', 'talk', '-o', target, ...force)).toMatchObject({
          code: 2,
          err: expect.stringContaining(problem),
        })
    }
    expect(statSync(join(cli.dir, 'device')).isSocket()).toBe(true)
    writeFileSync(join(cli.dir, 'kept-elsewhere'), 'old')
    symlinkSync('kept-elsewhere', join(cli.dir, 'out'))
    expect((await cli('export', 'talk', '-o', 'out', '--force')).code).toBe(0)
    expect(lstatSync(join(cli.dir, 'out')).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(cli.dir, 'kept-elsewhere'), 'utf8')).toBe((await cli('export', 'talk')).out)
  })

  it('writes no file for a workstream that is not there', async () => {
    const cli = makeCli()
    for (const format of ['native', 'openai'])
      expect((await cli('export', 'nothing', '-o', 'out', '--format', format)).code).toBe(3)
    expect(readdirSync(cli.dir)).toEqual(['.arawn'])
  })

  it('does not pour raw bytes over a terminal', async () => {
    const cli = await withTalk()
    expect((await cli.with({ columns: 80 }, 'export', 'talk')).code).toBe(2)
    const shown = (await cli.with({ columns: 80 }, 'export', 'talk', '--format', 'openai')).out
    expect(shown).toContain('\\u009b2J')
    expect(JSON.parse(shown)).toEqual(JSON.parse((await cli('export', 'talk', '--format', 'openai')).out))
  })
})

describe('an import', () => {
  const message = `${JSON.stringify({ role: 'user', content: 'hi', timestamp: '2026-03-02T09:00:00.000Z' })}\n`

  it('reports every file, whatever is wrong with some, and fails in the end', async () => {
    const cli = await withTalk()
    mkdirSync(join(cli.dir, 'in'))
    await cli('export', 'talk', '-o', 'in/a-taken.arawn')
    writeFileSync(join(cli.dir, 'in/b-list.json'), '{"settings":true}')
    writeFileSync(join(cli.dir, 'in/c-\u001b[2J.jsonl'), message)
    mkdirSync(join(cli.dir, 'in/d-folder.jsonl'))
    writeFileSync(join(cli.dir, 'in/e-empty.jsonl'), '')
    writeFileSync(join(cli.dir, 'in/f.jsonl'), message)
    const { code, out, err } = await cli('import', 'missing.jsonl', 'in')
    expect(code).toBe(2)
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^c-\\u001b\[2J\.jsonl: 1 message added/),
      expect.stringMatching(/^f\.jsonl: 1 message added/),
      '2 files without a message passed over',
    ])
    for (const said of ['missing.jsonl: there is no such file', 'a-taken.arawn: ']) expect(err).toContain(said)
    for (const passedOver of ['b-list', 'd-folder', 'e-empty']) expect(err).not.toContain(passedOver)
  })

  it('says of an empty file that it is empty', async () => {
    const cli = makeCli()
    writeFileSync(join(cli.dir, 'empty.jsonl'), '\n')
    const { code, err } = await cli('import', 'empty.jsonl', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(err).error).toMatchObject({ code: 'IMPORT_UNREADABLE', details: { isEmpty: true } })
  })

  it('says that a folder holds nothing to take in', async () => {
    const cli = makeCli()
    mkdirSync(join(cli.dir, 'in'))
    expect(await cli('import', 'in')).toMatchObject({ code: 2, err: expect.stringContaining('in this folder') })
  })

  it('goes into the workstream that --into names', async () => {
    const cli = await withTalk()
    writeFileSync(join(cli.dir, 'f.jsonl'), message)
    const { out } = await cli('import', 'f.jsonl', '--into', 'TALK', '--json')
    expect(JSON.parse(out)).toMatchObject({ created: false, added: 1, workstream: { id: 'talk', message_count: 2 } })
    expect((await cli('import', 'f.jsonl', '--format', 'xml')).code).toBe(2)
  })

  it('refuses a native export whose log ends in the middle of a line', async () => {
    const cli = await withTalk()
    const { createHash } = await import('node:crypto')
    const [headerLine = '', ...lines] = (await cli('export', 'talk')).out.split('\n')
    const header = JSON.parse(headerLine)
    const body = Buffer.from(lines.join('\n')).subarray(0, -1)
    const { bytes: whole } = header.logs[2]
    const part = body.subarray(-(whole - 1))
    header.logs[2] = { log: 'messages', bytes: part.length, sha256: createHash('sha256').update(part).digest('hex') }
    writeFileSync(join(cli.dir, 'torn'), Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]))
    const { code, err } = await cli('--data-dir', 'other', 'import', 'torn')
    expect([code, err]).toEqual([2, expect.stringContaining('ends in the middle of a line')])
  })
})
