import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Options } from 'tsup'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the bundled scripts of `processes/` lie. */
    processesDir: string
  }
}

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

const require = createRequire(import.meta.url)

/**
 * Bundles the scripts of `processes/`, and what they import of the built packages into a library for all of them, which
 * is run once to keep what V8 makes of it. Hundreds of processes are started, each for a moment, and most of that moment
 * would go into finding, reading and compiling some 350 modules.
 */
export default async function bundleProcesses(project: TestProject): Promise<() => void> {
  const sources = fileURLToPath(new URL('processes/', import.meta.url))
  const scripts = readdirSync(sources).flatMap((name) => (name.endsWith('.mjs') ? [join(sources, name)] : []))
  const outDir = mkdtempSync(join(tmpdir(), 'arawn-processes-'))
  const libraryFile = join(outDir, 'imports.mjs')
  writeFileSync(libraryFile, libraryOf(scripts))
  copyFileSync(join(sources, 'load-library.cjs'), join(outDir, 'load-library.cjs'))
  const shared: Options = { config: false, outDir, target: 'node20', platform: 'node', noExternal: [/./], silent: true }
  await Promise.all([
    build({
      ...shared,
      entry: { library: libraryFile },
      format: 'cjs',
      outExtension: () => ({ js: '.cjs' }),
      // Scripts that are run from memory cannot import.
      esbuildOptions: (options) => {
        options.supported = { 'dynamic-import': false }
      },
      esbuildPlugins: [packagesFromHere, nativeAndLargeWhereTheyAre, modulesKeepTheirAddress],
    }),
    build({
      ...shared,
      entry: scripts,
      format: 'esm',
      outExtension: () => ({ js: '.mjs' }),
      splitting: true,
      // The library is no module.
      banner: {
        js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
      },
      esbuildPlugins: [packagesFromLibrary],
    }),
  ])
  execFileSync(process.execPath, [join(outDir, 'warm-up.mjs'), join(outDir, 'warm-up')], { stdio: 'inherit' })
  project.provide('processesDir', outDir)
  return () => rmSync(outDir, { recursive: true, force: true })
}

/** A module with each public module that scripts import, by its name. */
function libraryOf(scripts: readonly string[]): string {
  const imports = scripts.flatMap((file) => readFileSync(file, 'utf8').match(/(?<= from )'@arawn\/[^']+'/g) ?? [])
  return [...new Set(imports)].map((name) => `export * as ${name} from ${name}\n`).join('')
}

const packagesFromHere: Plugin = {
  name: 'packages from here',
  setup({ onResolve }) {
    onResolve({ filter: /^@arawn\// }, ({ path, importer }) =>
      importer.endsWith('imports.mjs') ? { path: require.resolve(path) } : undefined,
    )
  },
}

const packagesFromLibrary: Plugin = {
  name: 'packages from library',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@arawn\// }, ({ path }) => ({ path, namespace: 'library' }))
    onLoad({ filter: /./, namespace: 'library' }, ({ path }) => ({
      contents: `module.exports = require('./load-library.cjs').library['${path}']`,
    }))
    onResolve({ filter: /load-library/ }, ({ path }) => ({ path, external: true }))
  },
}

/** What is native cannot be bundled; what is large is read by those alone that ask for it. */
const nativeAndLargeWhereTheyAre: Plugin = {
  name: 'native and large where they are',
  setup({ onResolve }) {
    onResolve({ filter: /^(better-sqlite3$|@ai-sdk\/|gpt-tokenizer)/ }, ({ path, importer }) => ({
      path: createRequire(importer).resolve(path),
      external: true,
    }))
  },
}

/** The index finds its migrations beside itself. */
const modulesKeepTheirAddress: Plugin = {
  name: 'modules keep their address',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/][^\\/]+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    }))
  },
}
