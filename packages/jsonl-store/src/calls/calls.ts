import { WorkstreamError } from '@arawn/core/error'

/** Counts the calls under way, so that closing can wait for them and refuse later ones. */
export interface Calls {
  /** @throws CLOSED */
  run<Result>(work: () => Promise<Result>): Promise<Result>
  /** For a call that takes long, so that closing need not wait for all of it. @throws CLOSED */
  check(): void
  /** From now on calls are refused. Resolves once those under way have ended. */
  close(): Promise<void>
}

export function createCalls(what: string): Calls {
  let closed = false
  let underWay = 0
  let ended: () => void = () => {}

  function check(): void {
    if (closed) throw new WorkstreamError('CLOSED', `the ${what} was closed`, { what })
  }

  return {
    async run(work) {
      check()
      underWay += 1
      try {
        return await work()
      } finally {
        underWay -= 1
        if (underWay === 0) ended()
      }
    },
    check,
    async close() {
      closed = true
      if (underWay === 0) return
      await new Promise<void>((resolve) => {
        ended = resolve
      })
    },
  }
}
