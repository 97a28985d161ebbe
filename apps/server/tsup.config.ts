import { defineConfig } from 'tsup'
import { base } from '../../tsup.base.js'

export default defineConfig({ ...base, entry: ['src/serve.ts', 'src/compose.ts', 'src/mcp.ts', 'src/mcp-stdio.ts'] })
