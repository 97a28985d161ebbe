import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const folder = fileURLToPath(new URL('..', import.meta.url))
const dist = join(folder, 'dist')

const manifestIn = (path: string) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))

/** The packages that the built program imports while it runs. */
function imported(): string[] {
  const files = [
    join(dist, 'main.js'),
    join(dist, 'analysis-worker.js'),
    ...readdirSync(join(dist, 'program')).map((name) => join(dist, 'program', name)),
  ]
  const names = files.flatMap((file) => {
    const found = readFileSync(file, 'utf8').matchAll(
      /^(?:import|export|\} from|.*\bimport\() ?.*?["']([^"'\n]+)["']\)?/gm,
    )
    return [...found].flatMap(([, name]) => (name === undefined || /^[./]/.test(name) || isBuiltin(name) ? [] : name))
  })
  return [...new Set(names.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name))].sort()
}

describe.skipIf(!existsSync(join(dist, 'main.js')))('the package of arawn (skipped without a build)', () => {
  it('depends on what the program imports, and on nothing else', () => {
    expect(imported()).toEqual(Object.keys(manifestIn(folder).dependencies).sort())
  })

  it('asks for the versions that its parts were tested with', () => {
    const parts = ['apps/server', 'packages/jsonl-store', 'packages/sqlite-index', 'packages/llm']
    const asked = parts.flatMap((part) => Object.entries(manifestIn(join(folder, '../..', part)).dependencies))
    const { dependencies } = manifestIn(folder)
    for (const [name, version] of asked)
      if (name in dependencies) expect([name, dependencies[name]]).toEqual([name, version])
  })

  it('has the licences of what is bundled', () => {
    const licences = readFileSync(join(dist, 'THIRD_PARTY_LICENSES'), 'utf8')
    expect(licences).toMatch(/^zod \d.* \(MIT\)\n\nMIT License\n\nCopyright \(c\) /m)
    expect(licences).toMatch(/^drizzle-orm \d.* \(Apache-2.0\)\n\nApache License/m)
    expect(licences).toMatch(/^commander \d/m)
    expect(licences).not.toMatch(/^@arawn|^fastify \d/m)
  })

  it('starts a command from few files', async () => {
    const home = mkdtempSync(join(tmpdir(), 'arawn-start-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    const asModule = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
    const hooks = asModule(`import { writeSync } from 'node:fs'
      export const load = (url, context, next) => {
        if (url.startsWith('file:')) writeSync(2, url + '\\n')
        return next(url, context)
      }`)
    const loader = asModule(`import { register } from 'node:module'; register(${JSON.stringify(hooks)})`)
    const files = async (...args: string[]) => {
      const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home }
      const child = spawn(process.execPath, ['--import', loader, join(folder, 'bin/arawn.mjs'), ...args], { env })
      onTestFinished(() => void child.kill('SIGKILL'))
      const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
      expect(code).toBe(0)
      return err.trim().split('\n')
    }
    const list = await files('workstream', 'list')
    expect(list.length).toBeGreaterThan(5)
    // They were some 450 when each module was a file; better-sqlite3 brings its own, which are not counted here.
    expect(list.length).toBeLessThan(60)
    expect(list.filter((url) => url.includes('/fastify/'))).toEqual([])
    expect((await files('--version')).length).toBeLessThan(25)
  })

  it('has what a thread runs that helps to build a large index anew', { timeout: 60_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'arawn-thread-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    const logs = join(home, 'data/workstreams/long')
    mkdirSync(logs, { recursive: true })
    const said = (n: number) => ({
      v: 1,
      stamp: n,
      id: `m${n}`,
      session_id: 's',
      timestamp: '2026-01-15T10:00:00.000Z',
    })
    const lines = Array.from({ length: 100 }, (_, n) =>
      JSON.stringify({ ...said(n + 1), role: 'user', content: `needle${n} ${'more of it '.repeat(10_000)}` }),
    )
    writeFileSync(join(logs, 'messages.jsonl'), `${lines.join('\n')}\n`)
    const watch = `process.on('worker', (thread) => {
        console.error('a thread')
        thread.on('message', ({ wordCounts }) => console.error(wordCounts.length > 0 ? 'and tokens' : 'and none'))
      })`
    const arawn = async (...args: string[]) => {
      const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home, ARAWN_DATA_DIR: join(home, 'data') }
      const watched = ['--import', `data:text/javascript,${encodeURIComponent(watch)}`, join(folder, 'bin/arawn.mjs')]
      const child = spawn(process.execPath, [...watched, ...args], { env })
      onTestFinished(() => void child.kill('SIGKILL'))
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
      return { out, err }
    }
    const { out, err } = await arawn('index', 'rebuild')
    expect(out).toContain('100 messages')
    expect(err).toContain('a thread\nand tokens')
    expect((await arawn('search', 'needle99')).out).toContain('needle99')
  })
})
