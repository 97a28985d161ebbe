/** What comes within a time, and before somebody stops waiting; undefined otherwise. The work itself goes on. */
export async function withPatience<Answer>(
  work: Promise<Answer>,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<Answer | undefined> {
  if (signal?.aborted === true) return undefined
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  const over = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined)
    timer = setTimeout(stop, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
