/** Asked anew each time: the compiler takes a property that was false once to be false for ever. */
export function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
