import { join } from 'node:path'
import { inject } from 'vitest'

/** Where a script of `processes/` lies that can be started. */
export function processScript(name: string): string {
  return join(inject('processesDir'), name)
}
