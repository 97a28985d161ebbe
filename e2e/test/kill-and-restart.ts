import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { processScript } from './process-script.js'

/**
 * Keeps some processes of a script of `processes/` running, and kills each one after a while, as by kill -9, until so
 * many are dead.
 *
 * @param args what the n-th of them is given
 * @param dieAtStart whether the n-th may die while it starts; all others say first that they are at work
 */
export async function killAndRestart(
  script: string,
  { kills, atOnce, workMs }: { kills: number; atOnce: number; workMs: number },
  args: (n: number) => string[],
  dieAtStart: (n: number) => boolean = () => false,
): Promise<void> {
  let started = 0
  const running = new Set<ChildProcess>()
  onTestFinished(() => {
    for (const child of running) child.kill('SIGKILL')
  })
  async function keepOne(): Promise<void> {
    while (started < kills) {
      const n = started++
      const child = fork(processScript(script), args(n), { stdio: 'inherit', execArgv: [] })
      running.add(child)
      const ended = once(child, 'exit')
      if (!dieAtStart(n)) await Promise.race([ended, once(child, 'message'), sleep(10_000, undefined, { ref: false })])
      await Promise.race([ended, sleep(Math.random() * workMs, undefined, { ref: false })])
      expect(child.exitCode, 'a process ended by itself').toBe(null)
      child.kill('SIGKILL')
      await ended
      running.delete(child)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, keepOne))
}
