import { defineConfig } from 'tsup'
import { base } from '../../tsup.base.js'

// For browsers as well as for Node: neither has what the other has.
export default defineConfig({ ...base, target: 'es2022', platform: 'neutral' })
