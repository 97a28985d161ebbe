import { execFile, execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startServerProcess } from './server-process.js'
import { tempDataDir } from './temp-data-dir.js'

const run = promisify(execFile)
const script = (name: string) => fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url))
const arawn = fileURLToPath(new URL('../../apps/cli/bin/arawn.mjs', import.meta.url))

interface Page {
  readonly data: readonly { readonly content: string }[]
  readonly first_id: string | null
  readonly has_more: boolean
}

async function backUp(dataDir: string, into: string): Promise<string> {
  return (await run(script('backup.sh'), [dataDir, into])).stdout.trim()
}

async function send(url: string, workstream: string, content: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/workstreams/${workstream}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content }),
  }).catch(() => undefined)
  return answer?.status === 201
}

/** What is said in a workstream, as the server tells it, oldest first. */
async function contents(url: string, workstream: string): Promise<string[]> {
  const all: string[] = []
  for (let before = ''; ; ) {
    const answer = await fetch(`${url}/api/v1/workstreams/${workstream}/messages?limit=100${before}`)
    const page = (await answer.json()) as Page
    all.unshift(...page.data.map(({ content }) => content))
    if (!page.has_more) return all
    before = `&before=${page.first_id}`
  }
}

async function doctor(dataDir: string) {
  const { stdout } = await run(process.execPath, [arawn, 'doctor', '--json', '--data-dir', dataDir])
  return JSON.parse(stdout)
}

describe.skipIf(process.platform === 'win32')('backup and restore (skipped on Windows, which has no sh)', () => {
  it('a backup of a server at work has all that was acknowledged before it began', { timeout: 60_000 }, async () => {
    const dir = tempDataDir()
    const dataDir = join(dir, 'data')
    const server = await startServerProcess(dataDir)
    const names = ['one', 'two', 'three']
    for (const id of names) {
      const made = await fetch(`${server.url}/api/v1/workstreams`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id, title: `Number ${id}` }),
      })
      expect(made.status).toBe(201)
    }
    const acknowledged = new Map(names.map((name) => [name, [] as string[]]))
    let isOver = false
    let onMore = () => {}
    const senders = names.map(async (name) => {
      for (let n = 1; !isOver; n++) {
        const content = `${name} ${n} ${'x'.repeat(n % 300)}`
        if (!(await send(server.url, name, content))) return
        acknowledged.get(name)?.push(content)
        onMore()
      }
    })
    const total = () => [...acknowledged.values()].reduce((sum, list) => sum + list.length, 0)
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        onMore = () => total() >= count && resolve()
        onMore()
      })

    await until(150)
    const before = new Map([...acknowledged].map(([name, list]) => [name, [...list]]))
    const backup = await backUp(dataDir, join(dir, 'backups'))
    await until(total() + 30)
    await server.end('SIGKILL')
    isOver = true
    await Promise.all(senders)

    const restored = join(dir, 'restored')
    await run(script('restore.sh'), [backup, restored])
    const report = await doctor(restored)
    expect(report).toMatchObject({ ok: true, anomalies: [], problems: [], quarantine: [] })
    const again = await startServerProcess(restored)
    for (const [name, said] of before) {
      const there = await contents(again.url, name)
      expect(there.slice(0, said.length)).toEqual(said)
      // What came while it was copied is there up to some message, in order.
      expect(acknowledged.get(name)?.slice(0, there.length).slice(0, -1)).toEqual(there.slice(0, -1))
    }
    expect(await send(again.url, 'one', 'life goes on')).toBe(true)
    expect((await contents(again.url, 'one')).at(-1)).toBe('life goes on')
    expect(await again.end('SIGTERM')).toBe(0)
  })

  it('leaves out what was not acknowledged, and the locks and the index with it', async () => {
    const dir = tempDataDir()
    const dataDir = join(dir, 'data')
    const command = (...args: string[]) =>
      execFileSync(process.execPath, [arawn, '--data-dir', dataDir, ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    command('send', 'whole')
    command('workstream', 'create', '--id', 'gone')
    command('workstream', 'purge', 'gone', '--yes')
    const log = join(dataDir, 'workstreams/scratch/messages.jsonl')
    const whole = readFileSync(log)
    appendFileSync(log, '{"id":"msg_half')
    const backup = await backUp(dataDir, join(dir, 'backups'))
    expect(readdirSync(backup).sort()).toEqual(['CHECKSUMS', 'trash', 'workstreams'])
    expect(readdirSync(join(backup, 'workstreams'))).toEqual(['scratch'])
    expect(readFileSync(join(backup, 'workstreams/scratch/messages.jsonl'))).toEqual(whole)
    expect(readdirSync(join(backup, 'trash'))).toEqual([expect.stringMatching(/\.gone$/)])
    // The log itself is as it was.
    expect(readFileSync(log, 'utf8')).toMatch(/\{"id":"msg_half$/)
  })

  it('restores nothing over what is there, and nothing that was changed', async () => {
    const dir = tempDataDir()
    const dataDir = join(dir, 'data')
    await run(process.execPath, [arawn, '--data-dir', dataDir, 'send', 'hello'])
    const backup = await backUp(dataDir, join(dir, 'backups'))
    const restore = (target: string) => run(script('restore.sh'), [backup, target])
    await expect(restore(dataDir)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing was changed'),
    })

    const empty = join(dir, 'empty')
    mkdirSync(empty)
    await restore(empty)
    expect(await doctor(empty)).toMatchObject({ ok: true, messages: 1 })

    writeFileSync(join(backup, 'workstreams/scratch/messages.jsonl'), '{}\n')
    await expect(restore(join(dir, 'other'))).rejects.toMatchObject({ code: 1 })
    expect(existsSync(join(dir, 'other'))).toBe(false)
  })
})
