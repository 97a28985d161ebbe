import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { base } from '../../vitest.base.js'

// Many tests wait a moment, to see that nothing comes: on two cores they use each other's pauses.
const maxWorkers = Math.max(2, availableParallelism() - 1)

export default defineConfig({ ...base, test: { ...base.test, maxWorkers } })
