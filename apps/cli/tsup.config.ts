import { cpSync } from 'node:fs'
import { defineConfig } from 'tsup'
import { base } from '../../tsup.base.js'
import { thirdPartyLicences } from './build/third-party-licences.js'
import { zodByParts } from './build/zod-by-parts.js'

/**
 * One program, instead of the 450 modules of its packages (decisions/0022-cli-start.md). The `dependencies` of package.json
 * stay outside of it: what listens on a network or calls a provider, what is native, what is large and seldom needed.
 */
export default defineConfig({
  ...base,
  entry: {
    main: 'src/main.ts',
    // What a thread runs; compose.ts of the server looks for it here.
    'analysis-worker': '../../packages/manager/dist/analysis-worker.js',
  },
  dts: false,
  sourcemap: false,
  // For packages that are not modules yet.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  esbuildOptions: (options) => {
    // The index looks for its migrations one folder up from its module.
    options.chunkNames = 'program/[name]-[hash]'
    // They stand in THIRD_PARTY_LICENSES.
    options.legalComments = 'none'
    // Built packages import their chunks for nothing but order.
    options.logOverride = { 'ignored-bare-import': 'silent' }
  },
  esbuildPlugins: [zodByParts, thirdPartyLicences('dist/THIRD_PARTY_LICENSES')],
  onSuccess: async () => cpSync('../../packages/sqlite-index/drizzle', 'dist/drizzle', { recursive: true }),
})
