import type { Again } from '@arawn/core/again'

/**
 * Answers that were given lately, as the bytes that they are sent in. It does not know how long one holds: whoever has what it
 * was made of is asked each time, and says so by giving back the very same object.
 */
export interface AnswerMemory {
  /**
   * The bytes of an answer.
   *
   * @param question everything that the answer depends on, beside what is kept
   * @param ask gives `last` back when that still holds
   * @param answerOf what is told of it, which is written as JSON
   */
  bytes<Kept extends object>(
    question: string,
    ask: (again: Again<Kept>) => Promise<Kept>,
    answerOf: (kept: Kept) => object,
  ): Promise<Buffer>
}

export function createAnswerMemory(): AnswerMemory {
  /** Least recently asked for first. */
  const known = new Map<string, { readonly kept: object; readonly bytes: Buffer }>()
  let size = 0

  function forget(question: string): void {
    size -= known.get(question)?.bytes.byteLength ?? 0
    known.delete(question)
  }

  return {
    async bytes<Kept extends object>(
      question: string,
      ask: (again: Again<Kept>) => Promise<Kept>,
      answerOf: (kept: Kept) => object,
    ) {
      const before = known.get(question)
      // A question is always answered with the same kind of thing.
      const kept = await ask({ last: before?.kept as Kept | undefined })
      const isSame = before !== undefined && kept === before.kept
      const bytes = isSame ? before.bytes : Buffer.from(JSON.stringify(answerOf(kept)))
      forget(question)
      if (bytes.byteLength > LARGEST_BYTES) return bytes
      known.set(question, { kept, bytes })
      size += bytes.byteLength
      for (const oldest of known.keys()) {
        if (size <= LIMIT_BYTES) break
        forget(oldest)
      }
      return bytes
    },
  }
}

/** What they were made of takes about twice as much again. */
const LIMIT_BYTES = 4 * 1024 * 1024
const LARGEST_BYTES = 256 * 1024
