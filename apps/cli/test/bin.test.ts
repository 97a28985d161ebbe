import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startScriptedProvider } from '@arawn/testkit/scripted-provider'
import { describe, expect, it, onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('../bin/arawn.mjs', import.meta.url))

function start(home: string, ...args: string[]) {
  return startNode(home, [bin, ...args])
}

function startNode(home: string, args: string[]) {
  const child = spawn(process.execPath, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, USERPROFILE: home },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function run(home: string, input: string | undefined, ...args: string[]) {
  const child = start(home, ...args)
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, out, err }
}

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'arawn-bin-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

describe.skipIf(!existsSync(new URL('../dist/main.js', import.meta.url)))(
  'the arawn command, as it is installed (skipped without a build)',
  () => {
    it('keeps what one process sent for the next', async () => {
      const home = makeHome()
      expect(await run(home, 'grüße 🦊\n', 'send')).toMatchObject({ code: 0, err: '' })
      const { out } = await run(home, undefined, 'history', 'scratch', '--json')
      expect(JSON.parse(out)).toMatchObject({ content: 'grüße 🦊', sequence: 1 })
      const log = readFileSync(join(home, '.arawn/data/workstreams/scratch/messages.jsonl'), 'utf8')
      expect(JSON.parse(log).content).toBe('grüße 🦊')
    })

    it('answers without any key, and ends', async () => {
      const home = makeHome()
      const { code, out, err } = await run(home, 'good morning\n', 'chat', '--model', 'offline')
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain('offline model')
    })

    it('loads no SDK of a provider and no tokenizer before a model is asked', async () => {
      const home = makeHome()
      await run(home, 'one', 'send')
      const asModule = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
      const hooks = asModule(`export const resolve = (name, context, next) => {
      if (/ai-sdk|gpt-tokenizer/.test(name)) throw new Error(name + ' is loaded')
      return next(name, context)
    }`)
      const loader = asModule(`import { register } from 'node:module'; register(${JSON.stringify(hooks)})`)
      const outcome = async (...args: string[]) => {
        const child = startNode(home, ['--import', loader, bin, ...args])
        child.stdin.end()
        const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
        return [code, err]
      }
      expect(await outcome('history', 'scratch')).toEqual([0, ''])
      expect(await outcome('models')).toEqual([1, expect.stringContaining('is loaded')])
    })

    it('goes on in a talk where the model has moved it', async () => {
      const proposal = (id: string, more: object) => ({
        calls: [{ id, name: 'promote_scratch', arguments: { title: 'Bridges', ...more } }],
      })
      const scripted = await startScriptedProvider([
        proposal('c1', {}),
        { text: ['Shall I?'] },
        proposal('c2', { agreed: true }),
        { text: ['It moves now.'] },
        { text: ['Steel.'] },
      ])
      onTestFinished(() => scripted.close())
      const home = makeHome()
      const profile = `provider = "openai-compatible"\nmodel = "one"\nbase_url = "${scripted.baseUrl}"\napi_key_env = ""\n`
      writeFileSync(join(home, 'arawn.toml'), `[llm_profiles.local]\n${profile}`)
      // Its input is a pipe that is taken for a terminal: each line is typed when there is a prompt for it.
      const child = startNode(home, ['--import', 'data:text/javascript,process.stdin.isTTY=true', bin, 'chat'])
      const exit = once(child, 'exit')
      const out = text(child.stdout)
      const lines = ['about bridges', 'yes, move it', 'which kind?', '/quit']
      let shown = ''
      let prompts = 0
      for await (const chunk of child.stderr) {
        shown += chunk
        for (; prompts < shown.split('> ').length - 1; prompts++) child.stdin.write(`${lines[prompts]}\n`)
      }
      expect([await exit, await out]).toEqual([[0, null], 'Shall I?\nIt moves now.\nSteel.\n'])
      expect(shown).toMatch(/moved 8 messages to "Bridges"/)
      const history = async (ref: string) => (await run(home, undefined, 'history', ref)).out
      expect(await history('bridges')).toMatch(/about bridges[\s\S]*which kind\?[\s\S]*Steel\./)
      expect(await history('scratch')).toBe('No messages.\n')
    })

    it('gives the exit code of what went wrong, and no stack trace', async () => {
      const { code, out, err } = await run(makeHome(), undefined, 'history', 'nothing')
      expect([code, out]).toEqual([3, ''])
      expect(err).toMatch(/^arawn: .*\n {2}To see all/)
    })

    it('does not mind a reader that goes away', async () => {
      const home = makeHome()
      await run(home, 'x'.repeat(1_000_000), 'send')
      const child = start(home, 'history', 'scratch', '--all')
      child.stdout.once('data', () => child.stdout.destroy())
      const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
      expect([code, err]).toEqual([0, ''])
    })

    it('follows until nobody reads any more', async () => {
      const home = makeHome()
      await run(home, 'one', 'send')
      const child = start(home, 'history', 'scratch', '--follow', '--json')
      const exit = once(child, 'exit')
      const [line] = await once(child.stdout, 'data')
      expect(JSON.parse(line)).toMatchObject({ content: 'one' })
      child.stdout.destroy()
      expect((await run(home, 'two', 'send')).code).toBe(0)
      expect(await exit).toEqual([0, null])
    })

    it.skipIf(process.platform === 'win32')(
      'follows until Ctrl-C (skipped on Windows, which has no signals)',
      async () => {
        const home = makeHome()
        await run(home, 'one', 'send')
        const child = start(home, 'events', '--since', '0')
        const exit = once(child, 'exit')
        let printed = ''
        for await (const chunk of child.stdout) {
          printed += chunk
          if (printed.includes('user: one\n')) child.kill('SIGINT')
        }
        expect(await exit).toEqual([130, null])
        expect(printed).toMatch(/workstream.created.*\n.*session.opened.*\n.*message.created {2}user: one\n$/)
      },
    )

    it.skipIf(process.platform === 'win32')(
      'ends with 130 after Ctrl-C (skipped on Windows, which has no signals)',
      async () => {
        const child = start(makeHome(), 'send', '-')
        // Ready when it has asked for its input, which is soon after it has read some.
        child.stdin.write('half a thou')
        const exit = once(child, 'exit')
        const timer = setInterval(() => child.kill('SIGINT'), 400)
        const [code, signal] = await exit
        clearInterval(timer)
        // Before Node has come as far as our program, the signal itself ends the process.
        expect(code ?? signal).toSatisfy((end) => end === 130 || end === 'SIGINT')
      },
    )
  },
)
