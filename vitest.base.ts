import type { ViteUserConfig } from 'vitest/config'

// Packages of the workspace are tested from their sources, without a build.
const conditions = ['arawn-source', 'module', 'node', 'development|production']

export const base: ViteUserConfig = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['arawn-source', 'node'] } },
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Files of one process share what they import, which is half of the work; whatever a test replaces is put back.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    passWithNoTests: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}
