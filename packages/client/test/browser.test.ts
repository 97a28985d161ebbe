import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../src/', import.meta.url))

/** As an application for browsers is bundled: what only Node has is an error. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: src, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'arawn',
    conditions: ['arawn-source'],
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

describe('the client in a browser', () => {
  it('needs nothing that only Node has', async () => {
    const files = readdirSync(src).filter((name) => name.endsWith('.ts'))
    const code = await bundle(files.map((name) => `export * from './${name.slice(0, -3)}.js'`).join('\n'))
    expect(files).toContain('create-workstream-client.ts')
    expect(code).not.toMatch(/\brequire\(|\bprocess\.|\bBuffer\b/)
  })

  it('would not be bundled if it did', async () => {
    await expect(bundle("export * from './create-workstream-client.js'; import 'node:fs'")).rejects.toThrow('node:fs')
  })

  it('asks with what a page has, and nothing else', async () => {
    const code = await bundle("export * from './create-workstream-client.js'")
    const asked: unknown[] = []
    const fetch = async (url: string, { headers }: RequestInit) => {
      asked.push([url, headers])
      return Response.json({ object: 'list', data: [{ id: 'a' }], has_more: false, next: null })
    }
    // Names of a page; those of Node that are not among them are hidden.
    const page = ['fetch', 'process', 'Buffer', 'global', 'require', 'module', 'setImmediate']
    const run = new Function(...page, `${code}; return arawn`)
    const { createWorkstreamClient } = run(fetch)
    const { items } = await createWorkstreamClient({ url: 'https://example.org/arawn/', token: 't' }).listWorkstreams()
    expect(items).toEqual([{ id: 'a' }])
    expect(asked).toEqual([
      [
        'https://example.org/arawn/api/v1/workstreams?limit=20',
        { accept: 'application/json', authorization: 'Bearer t' },
      ],
    ])
  })
})
