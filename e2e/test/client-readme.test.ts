import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { expect, it, onTestFinished } from 'vitest'
import { startServerProcess } from './server-process.js'
import { tempDataDir } from './temp-data-dir.js'

const run = promisify(execFile)

it('every example of the README of the client runs as it is written', { timeout: 60_000 }, async () => {
  const readme = readFileSync(fileURLToPath(new URL('../../packages/client/README.md', import.meta.url)), 'utf8')
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
  expect(examples.length).toBeGreaterThan(3)
  const server = await startServerProcess(tempDataDir())
  // Where packages are found.
  const folder = mkdtempSync(fileURLToPath(new URL('../node_modules/.readme-', import.meta.url)))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [n, example] of examples.entries()) {
    const code = example.replaceAll('http://127.0.0.1:8080', server.url)
    const file = join(folder, `example-${n}.mjs`)
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    writeFileSync(file, outputText)
    const { stdout } = await run(process.execPath, [file], { env: { ...process.env, NODE_OPTIONS: '' } })
    expect(stdout, example).not.toBe('')
  }
  expect(await server.end('SIGTERM')).toBe(0)
})
