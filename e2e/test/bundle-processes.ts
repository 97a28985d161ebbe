import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
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

/**
 * Bundles every script of `processes/` with the built packages. Hundreds of processes are started, each for a moment,
 * and most of that moment would go into finding and reading some 350 modules.
 */
export default async function bundleProcesses(project: TestProject): Promise<() => void> {
  const sources = fileURLToPath(new URL('processes/', import.meta.url))
  const outDir = mkdtempSync(join(tmpdir(), 'arawn-processes-'))
  await build({
    config: false,
    entry: readdirSync(sources)
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => join(sources, name)),
    outDir,
    format: 'esm',
    outExtension: () => ({ js: '.mjs' }),
    target: 'node20',
    platform: 'node',
    splitting: true,
    noExternal: [/./],
    // For packages that are not modules yet.
    banner: { js: REQUIRE },
    esbuildPlugins: [nativeAndLargeWhereTheyAre, modulesKeepTheirAddress],
    silent: true,
  })
  project.provide('processesDir', outDir)
  return () => rmSync(outDir, { recursive: true, force: true })
}

const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)"

/** What is native cannot be bundled; what is large is read by those alone that ask for it. */
const nativeAndLargeWhereTheyAre: Plugin = {
  name: 'native and large where they are',
  setup({ onResolve }) {
    onResolve({ filter: /^(better-sqlite3$|@ai-sdk\/|gpt-tokenizer)/ }, ({ path, importer }) => ({
      path: pathToFileURL(createRequire(importer).resolve(path)).href,
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
