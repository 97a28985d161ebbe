import { readFileSync } from 'node:fs'
import type { ViteUserConfig } from 'vitest/config'

const { name } = JSON.parse(readFileSync('package.json', 'utf8'))

export const base: ViteUserConfig = {
  // A package is tested from its sources, on the others as they were built, which turbo does before: to transform in each
  // package what all of them share took longer than most tests.
  resolve: { alias: [{ find: new RegExp(`^${name}/(.+)$`), replacement: `${process.cwd()}/src/$1.ts` }] },
  // What others made is loaded as users have it, without the checks that are for its own developers.
  ssr: { resolve: { conditions: ['module', 'node', 'production'], externalConditions: ['node'] } },
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    server: { deps: { external: [/[\\/](packages|apps)[\\/][^\\/]+[\\/]dist[\\/]/] } },
    // Files of one process share what they import, which is half of the work; whatever a test replaces is put back.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    passWithNoTests: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}
