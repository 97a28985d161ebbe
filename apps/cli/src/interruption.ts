/** Ends a command before its work is done: a signal came, or nobody reads the output any more. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'

  constructor(readonly exitCode: number) {
    super('interrupted')
  }
}

/** The result of some work, unless the signal comes first: then its reason is thrown. */
export async function untilInterrupted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  // When the signal wins, nobody else waits for the work.
  work.catch(() => {})
  let stop = () => {}
  const interruption = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  interruption.catch(() => {})
  if (signal.aborted) stop()
  try {
    return await Promise.race([work, interruption])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
