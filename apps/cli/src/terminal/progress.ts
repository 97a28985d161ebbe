import type { Screen } from '../world.js'

const SILENT_MS = 1_000
const EVERY_MS = 100

export interface Progress {
  show(text: string): void
  end(): void
}

/** One line on stderr that keeps changing, for work that takes longer than a second, and only where somebody looks. */
export function createProgress(screen: Screen, now: () => number): Progress {
  const startedMs = now()
  let shownMs = 0
  let width = 0
  return {
    show(text) {
      const nowMs = now()
      if (!screen.isTerminal || nowMs - startedMs < SILENT_MS || nowMs - shownMs < EVERY_MS) return
      shownMs = nowMs
      void screen.write(`\r${text.padEnd(width)}`)
      width = text.length
    },
    end() {
      if (width > 0) void screen.write(`\r${' '.repeat(width)}\r`)
    },
  }
}
