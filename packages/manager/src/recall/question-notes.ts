import { WorkstreamError } from '@arawn/core/error'
import type { LogStore } from '@arawn/core/log-store'
import type { Logger } from '@arawn/core/logger'
import type { WorkstreamIndex } from '@arawn/core/workstream-index'
import { writeRows } from '../index-care/write-rows.js'
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
// Without being kept the same is only asked again.
const LOCK_TIMEOUT_MS = 1_000

export function createQuestionNotes({
  log,
  index,
  logger,
}: {
  log: LogStore
  index: WorkstreamIndex
  logger: Logger
}): QuestionNotes {
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

  async function keep(key: string, note: Uint8Array): Promise<void> {
    try {
      await writeRows({ log, index }, LOCK_TIMEOUT_MS, (transaction) => transaction.keepQuestionNote(key, note))
    } catch (error) {
      logger.warn('what a model made of a question was not kept', { code: codeOf(error) })
    }
  }

  async function call(key: string, make: MakeNote): Promise<Uint8Array | undefined> {
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST_CALL_MS)])
      const note = await untilAborted(make(signal), signal)
      // What comes after the end finds no index any more.
      if (note !== undefined && !closing.signal.aborted) keeping = keeping.then(() => keep(key, note))
      return note
    } catch (error) {
      if (!closing.signal.aborted) logger.warn('a question was asked without a model', { code: codeOf(error) })
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

function codeOf(error: unknown): string {
  return error instanceof WorkstreamError ? error.code : 'INTERNAL'
}
