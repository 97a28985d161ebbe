import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { expect } from 'vitest'
import { processScript } from './process-script.js'
import { tempDataDir } from './temp-data-dir.js'

const AT_ONCE = 4

/**
 * Runs a script of `processes/` on copies of a data dir, and kills it at its first change of the disk, its second …
 * until it comes through.
 *
 * @param check looks at what each of them left
 * @returns how often it died
 */
export async function dieAtEachChange(
  template: string,
  script: string,
  args: readonly string[],
  check: (dataDir: string, told: unknown) => Promise<void>,
): Promise<number> {
  async function runOnce(dieAt: number): Promise<boolean> {
    const dataDir = tempDataDir()
    cpSync(template, dataDir, { recursive: true })
    const child = fork(processScript(script), [dataDir, String(dieAt), ...args], { execArgv: [] })
    let told: unknown
    child.on('message', (message) => (told = message))
    const [code, signal] = await once(child, 'exit')
    if (signal !== 'SIGKILL') expect(code).toBe(0)
    await check(dataDir, told)
    return told !== undefined
  }

  let deaths = 0
  for (let first = 1, through = false; !through; first += AT_ONCE) {
    const came = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => runOnce(first + n)))
    deaths += came.filter((one) => !one).length
    through = came.some((one) => one)
  }
  console.log(`killed at ${deaths} steps`)
  return deaths
}
