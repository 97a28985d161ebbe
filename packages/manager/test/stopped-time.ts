import { onTestFinished, vi } from 'vitest'

/** Stops what `performance.now` tells until the test has ended, so that nothing is due because this machine is slow. */
export function stopTime(): { goOn(ms: number): void; end(): void } {
  const stopped = performance.now()
  const now = vi.spyOn(performance, 'now').mockReturnValue(stopped)
  const end = () => now.mockRestore()
  onTestFinished(end)
  return { goOn: (ms) => void now.mockReturnValue(stopped + ms), end }
}
