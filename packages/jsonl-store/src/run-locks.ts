import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { IdSource } from '@arawn/core/id'
import type { TurnOwners } from '@arawn/core/turn-owners'
import { createLockFile, type LockFile } from './lock/lock-file.js'
import { whyUnusable } from './lock/why-unusable.js'

/**
 * Names of living processes as files `<name>.lock` that they hold. The operating system gives a lock back when its
 * process dies, which no process id could promise: ids are used again.
 */
export function openRunLocks({ directory, ids }: { directory: string; ids: IdSource }): TurnOwners {
  let held: { readonly name: string; readonly file: LockFile } | undefined

  const pathOf = (name: string) => join(directory, `${name}.lock`)

  function claim(): { name: string; file: LockFile } {
    try {
      mkdirSync(directory, { recursive: true })
      removeDead()
      const name = ids.next('run')
      const file = createLockFile(pathOf(name))
      if (!file.tryTake()) throw new Error(`${name} is taken`)
      return { name, file }
    } catch (cause) {
      throw whyUnusable(directory, cause)
    }
  }

  function isHeld(name: string): boolean {
    const path = pathOf(name)
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return false
    const file = createLockFile(path)
    try {
      const isFree = file.tryTake()
      file.giveBack()
      return !isFree
    } finally {
      file.close()
    }
  }

  /** A name is never given twice, so that a file nobody holds is of no use to anybody. */
  function removeDead(): void {
    for (const entry of readdirSync(directory)) {
      const name = NAME.exec(entry.replace(/\.lock$/, ''))?.[0]
      if (name !== undefined && entry.endsWith('.lock') && !isHeld(name)) rmSync(pathOf(name), { force: true })
    }
  }

  return {
    own: async () => {
      held ??= claim()
      return held.name
    },
    isAlive: async (owner) => owner === held?.name || (NAME.test(owner) && isHeld(owner)),
    close: async () => {
      if (held === undefined) return
      held.file.close()
      rmSync(pathOf(held.name), { force: true })
      held = undefined
    },
  }
}

const NAME = /^run_[0-9a-z]{1,64}$/
