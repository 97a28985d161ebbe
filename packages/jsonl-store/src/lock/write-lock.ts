/**
 * The write lock of one folder of logs, for this whole process.
 *
 * ```
 *  acquire ─► line of this process (first come, first served) ─► turnstile .lock-queue ─► .lock
 * ```
 *
 * Two locks make it fair between processes: whoever wants the lock stands in the turnstile first and leaves it only
 * with the lock in hand. A writer that releases and comes back at once finds the turnstile taken by whoever waited.
 * Nobody blocks the event loop: a lock that is taken is tried again a millisecond later.
 */

import { WorkstreamError } from '@arawn/core/error'
import type { LockFile } from './lock-file.js'
import { whyUnusable } from './why-unusable.js'

export interface WriteLock {
  /**
   * @param store who asks
   * @throws LOCK_TIMEOUT | DATA_DIR_UNUSABLE | CLOSED
   */
  acquire(timeoutMs: number, store: symbol): Promise<HeldLock>
  /** Sends away those who wait for a store that closes. What is held stays held. */
  sendAway(store: symbol): void
}

export interface HeldLock {
  /** True when others wait and this holder had its share. */
  shouldYield(): boolean
  /** False when the lock file was deleted or replaced: others may hold the lock as well. */
  isCurrent(): boolean
  /** May be called twice. */
  release(): void
}

interface Waiter {
  readonly store: symbol
  readonly since: number
  timer: NodeJS.Timeout | undefined
  grant(held: HeldLock): void
  refuse(error: unknown): void
}

export function createWriteLock(folder: string, lock: LockFile, turnstile: LockFile): WriteLock {
  const line: Waiter[] = []
  let held = false
  let trying = false
  let inTurnstile = false

  /** Sees that somebody tries for whoever is first in line. */
  function serve(): void {
    if (held || trying) return
    trying = true
    tryForFirst(0)
  }

  function tryForFirst(attempt: number): void {
    const first = line[0]
    if (first === undefined) {
      leaveTurnstile()
      trying = false
      return
    }
    try {
      inTurnstile ||= turnstile.tryTake()
      if (inTurnstile && lock.tryTake()) {
        leaveTurnstile()
        trying = false
        held = true
        removeFromLine(first)
        first.grant(holdNow())
        return
      }
    } catch (cause) {
      removeFromLine(first)
      first.refuse(whyUnusable(folder, cause))
      tryForFirst(0)
      return
    }
    if (attempt < QUICK_ATTEMPTS) setImmediate(tryForFirst, attempt + 1)
    else setTimeout(tryForFirst, inTurnstile ? 1 : 1 + Math.round(Math.random()), attempt + 1)
  }

  function leaveTurnstile(): void {
    if (inTurnstile) turnstile.giveBack()
    inTurnstile = false
  }

  function timeOut(waiter: Waiter): void {
    removeFromLine(waiter)
    const waitedMs = Math.round(performance.now() - waiter.since)
    const message = `the write lock of ${folder} was not free within ${waitedMs} ms`
    waiter.refuse(new WorkstreamError('LOCK_TIMEOUT', message, { waitedMs }))
  }

  function removeFromLine(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    const place = line.indexOf(waiter)
    if (place >= 0) line.splice(place, 1)
  }

  function holdNow(): HeldLock {
    const since = performance.now()
    let released = false
    let checkedAt = since
    let current = true
    let nextProbe = since + FAIR_SHARE_MS
    let othersWait = false
    return {
      shouldYield() {
        if (released) return true
        const now = performance.now()
        if (now - since < FAIR_SHARE_MS) return false
        if (line.length > 0) return true
        if (now >= nextProbe) {
          nextProbe = now + PROBE_INTERVAL_MS
          othersWait = !turnstile.tryTake()
          turnstile.giveBack()
        }
        return othersWait
      },
      isCurrent() {
        const now = performance.now()
        if (now - checkedAt < RECHECK_AFTER_MS) return current
        current = lock.isCurrent()
        checkedAt = now
        return current
      },
      release() {
        if (released) return
        released = true
        held = false
        lock.giveBack()
        serve()
      },
    }
  }

  return {
    acquire(timeoutMs, store) {
      return new Promise((resolve, reject) => {
        const since = performance.now()
        const waiter: Waiter = { store, since, timer: undefined, grant: resolve, refuse: reject }
        line.push(waiter)
        serve()
        if (line.includes(waiter)) waiter.timer = setTimeout(timeOut, Math.min(timeoutMs, MAX_TIMER_MS), waiter)
      })
    },
    sendAway(store) {
      for (const waiter of line.filter((other) => other.store === store)) {
        removeFromLine(waiter)
        const message = 'the store was closed while it waited for the write lock'
        waiter.refuse(new WorkstreamError('CLOSED', message, { what: 'log store' }))
      }
    },
  }
}

/** How long a holder may go on while others wait: several commits, yet short beside what a person notices. */
const FAIR_SHARE_MS = 10
/** A look at the turnstile costs some 20 microseconds. */
const PROBE_INTERVAL_MS = 4
/** Taking the lock has just checked it; most commits are over before this. */
const RECHECK_AFTER_MS = 2
/** Tries before the first pause: a commit of another process is often over within a turn of the event loop. */
const QUICK_ATTEMPTS = 3
/** The longest delay that a Node timer knows. */
const MAX_TIMER_MS = 2 ** 31 - 1
