/**
 * For properties whose runs take long: what failed, and the seed that repeats it, is told before the test itself runs out
 * of time, though the example may not be the smallest by then.
 */
export function toldWithin(timeoutMs: number) {
  return { interruptAfterTimeLimit: timeoutMs * 0.75, markInterruptAsFailure: true }
}
