import type { Screen } from '../world.js'
import { fit } from './fit.js'
import { printableLine } from './printable.js'

const SILENT_MS = 1_000
const EVERY_MS = 200

export interface Progress {
  show(text: string): void
  /** Makes room for other output; it comes back by itself. */
  clear(): void
  end(): void
}

/** One line on stderr that keeps changing, for work that takes longer than a second, and only where somebody looks. */
export function createProgress(screen: Screen, now: () => number): Progress {
  const startedMs = now()
  let text = ''
  let shownMs = 0
  let isShown = false

  function paint(): void {
    const nowMs = now()
    if (text === '' || nowMs - startedMs < SILENT_MS || nowMs - shownMs < EVERY_MS) return
    shownMs = nowMs
    isShown = true
    const line = `${text} (${Math.floor((nowMs - startedMs) / 1000)} s)`
    void screen.write(`\r${fit(printableLine(line), (screen.columns ?? 80) - 1)}\u001b[K`)
  }

  function clear(): void {
    if (isShown) void screen.write('\r\u001b[K')
    isShown = false
    shownMs = 0
  }

  if (!screen.isTerminal) return { show: () => {}, clear: () => {}, end: () => {} }
  const timer = setInterval(paint, EVERY_MS)
  timer.unref()
  return {
    show(next) {
      text = next
      paint()
    },
    clear,
    end() {
      clearInterval(timer)
      clear()
    },
  }
}
