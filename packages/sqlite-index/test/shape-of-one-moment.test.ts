import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { indexDir } from './open-index.js'

const program = fileURLToPath(new URL('./processes/adding-process.mjs', import.meta.url))
const built = existsSync(fileURLToPath(new URL('../dist/sqlite-index.js', import.meta.url)))

describe.runIf(built)('what is known of all messages (skipped without a build)', () => {
  it('is of one moment, while another process adds messages and sessions', async () => {
    const dir = indexDir()
    const index = await dir.openEmpty()
    const child = fork(program, [dir.path, 'a'], { execArgv: [] })
    const exited = once(child, 'exit')
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exited
    })
    await once(child, 'message', { signal: AbortSignal.timeout(30_000) })
    const lengths = new Set<number>()
    // On a busy machine the other process may have few turns for a while.
    const latest = performance.now() + 20_000
    for (let reads = 0; reads < 1_000 || (lengths.size <= 10 && performance.now() < latest); reads++) {
      const shape = (await index.recallShapes(['a'], 1)).get('a')
      expect(shape?.sessionStarts.sequences).toHaveLength(shape?.wordCounts.length ?? 0)
      lengths.add(shape?.wordCounts.length ?? 0)
    }
    expect(lengths.size).toBeGreaterThan(10)
    child.send('stop')
    expect(await exited).toEqual([0, null])
  })
})
