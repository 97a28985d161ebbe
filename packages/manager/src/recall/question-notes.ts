import { WorkstreamError } from '@arawn/core/error'
import { type CachePorts, keepInCache } from '../index-care/keep-in-cache.js'
import { untilAborted } from './until-aborted.js'

/** What models make of questions. Each is asked once for each question, and what it says is kept for every process. */
export interface QuestionNotes {
  /**
   * The note with this key: the one that is kept, else what `make` gives. Whoever asks meanwhile shares the call.
   *
   * @returns undefined when there is none and none can be made now; never fails
   */
  noteOf(key: string, make: MakeNote): Promise<Uint8Array | undefined>
  /** Stops calls; resolves when what came is kept, or could not be. */
  close(): Promise<void>
}

/** @returns undefined for nothing of use: it is asked for again the next time */
export type MakeNote = (signal: AbortSignal) => Promise<Uint8Array | undefined>

// Nobody waits for so long: it is for the next time. Then a model that says nothing is given up.
const LONGEST_CALL_MS = 30_000
// A model that hangs is not asked ever more.
const MOST_CALLS = 8

export function createQuestionNotes(ports: CachePorts): QuestionNotes {
  const { index, logger } = ports
  const closing = new AbortController()
  const calls = new Map<string, Promise<Uint8Array | undefined>>()
  let keeping: Promise<void> = Promise.resolve()

  async function kept(key: string): Promise<Uint8Array | undefined> {
    try {
      return await index.questionNote(key)
    } catch {
      // An index that cannot be read now has no note, either. Who needs more of it will say so.
      return undefined
    }
  }

  function keep(key: string, note: Uint8Array): Promise<void> {
    return keepInCache(ports, 'what a model made of a question was not kept', (transaction) =>
      transaction.keepQuestionNote(key, note),
    )
  }

  async function call(key: string, make: MakeNote): Promise<Uint8Array | undefined> {
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST_CALL_MS)])
      const note = await untilAborted(make(signal), signal)
      // What comes after the end finds no index any more.
      if (note !== undefined && !closing.signal.aborted) keeping = keeping.then(() => keep(key, note))
      return note
    } catch (error) {
      if (!closing.signal.aborted)
        logger.warn('a question was asked without a model', {
          code: error instanceof WorkstreamError ? error.code : 'INTERNAL',
        })
      return undefined
    }
  }

  return {
    noteOf: async (key, make) => {
      const known = calls.get(key) ?? (await kept(key))
      if (known !== undefined) return known
      const underWay = calls.get(key)
      if (underWay !== undefined || calls.size >= MOST_CALLS || closing.signal.aborted) return underWay
      const made = call(key, make)
      calls.set(key, made)
      // Until it is kept there is no gap in which it would be asked for again.
      void made.then(() => keeping).finally(() => calls.delete(key))
      return made
    },
    close: async () => {
      closing.abort()
      await keeping
    },
  }
}
