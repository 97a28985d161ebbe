#!/usr/bin/env node
import module from 'node:module'

// Node 22 and later keep what they have compiled for the next command.
module.enableCompileCache?.()
await import('../dist/main.js')
