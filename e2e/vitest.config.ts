import { defineConfig } from 'vitest/config'
import { base } from '../vitest.base.js'

// One file after the other: each of them keeps every core busy with processes of its own.
export default defineConfig({
  ...base,
  test: { ...base.test, globalSetup: ['test/bundle-processes.ts'], fileParallelism: false },
})
