/**
 * A signal that follows another one after some time: for a call that is nearly done and should not be done twice.
 *
 * @returns `release` for when the call is over
 */
export function withGrace(
  signal: AbortSignal | undefined,
  graceMs: number,
): { readonly signal: AbortSignal; release(): void } {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    timer = setTimeout(() => late.abort(), graceMs)
  }
  if (signal?.aborted === true) stop()
  else signal?.addEventListener('abort', stop, { once: true })
  return {
    signal: late.signal,
    release() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    },
  }
}
