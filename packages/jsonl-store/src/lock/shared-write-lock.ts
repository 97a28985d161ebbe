/**
 * All stores of this process that look at the same folder share one write lock: they wait in one line, and there is
 * one descriptor of the lock file.
 */

import { realpathSync } from 'node:fs'
import path from 'node:path'
import { createLockFile } from './lock-file.js'
import { LOCK, TURNSTILE } from './lock-file-names.js'
import { createWriteLock, type HeldLock, type WriteLock } from './write-lock.js'

interface Shared {
  readonly lock: WriteLock
  users: number
  end(): void
}

const sharedByFolder = new Map<string, Shared>()

export interface LockShare {
  /** @throws LOCK_TIMEOUT | DATA_DIR_UNUSABLE | CLOSED */
  acquire(timeoutMs: number): Promise<HeldLock>
  /** Sends away whoever waits through this share. */
  sendAway(): void
  /** The last one to leave closes the files. */
  leave(): void
}

export function shareWriteLock(folder: string): LockShare {
  const key = realpathSync(folder)
  const shared = sharedByFolder.get(key) ?? create(key)
  sharedByFolder.set(key, shared)
  shared.users += 1
  const store = Symbol(key)
  let left = false
  return {
    acquire: (timeoutMs) => shared.lock.acquire(timeoutMs, store),
    sendAway: () => shared.lock.sendAway(store),
    leave() {
      if (left) return
      left = true
      shared.users -= 1
      if (shared.users > 0) return
      sharedByFolder.delete(key)
      shared.end()
    },
  }
}

function create(folder: string): Shared {
  const lockFile = createLockFile(path.join(folder, LOCK))
  const turnstile = createLockFile(path.join(folder, TURNSTILE), TURNSTILE_RECHECK_MS)
  return {
    lock: createWriteLock(folder, lockFile, turnstile),
    users: 0,
    end() {
      lockFile.close()
      turnstile.close()
    },
  }
}

/** Only fairness hangs on the turnstile, so that a look at its path now and then is enough. */
const TURNSTILE_RECHECK_MS = 50
