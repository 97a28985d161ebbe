import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface TempDir {
  readonly path: string
  /** Deletes it with all that is in it. */
  dispose(): void
}

export function makeTempDir(): TempDir {
  const location = realpathSync(mkdtempSync(path.join(tmpdir(), 'arawn-test-')))
  return { path: location, dispose: () => rmSync(location, { recursive: true, force: true }) }
}
