import type { AsciiText } from './ascii-text.js'
import { type FoundRuns, RUNS_AT_ONCE } from './find-runs.js'
import type { JoinedParts } from './joined-parts.js'
import { countWords, type JoinedWords } from './joined-words.js'

/** What a run adds to the tokens of a text. */
export interface RunTokens {
  /** With single spaces between them. */
  readonly words: string
  readonly parts: string
}

/**
 * Remembers the tokens of runs of ASCII, which most runs of most texts are.
 *
 * To look a word up is to wait for memory: a processor reads what objects hold one after the other (the slot, the object, its
 * run, its words), each of them from anywhere. Here all that is known of a run is some bytes, which lie in the order in which runs
 * were seen first: common words come early, so a few pages of memory hold most of what is ever looked at.
 *
 *     slots:  | 12 bits of the hash, where the run lies | …     the next free one from where the hash says
 *     quads:  | length of the run, bytes of the words, 1: has parts, number of words | run … | words … | parts | next run …
 *
 * Of parts it has their number among `JoinedParts`.
 * Runs are compared and words are copied by four bytes at a time. A run is found by its bytes, never by the hash alone.
 * When all is taken, everything is forgotten.
 */
export interface TokenTable {
  /** Adds the tokens of runs, each of up to `LONGEST_RUN` bytes, which lie in a text. */
  addRuns(ascii: AsciiText, runs: FoundRuns): void
  forgetAll(): void
}

/** @param find the tokens of a run of ASCII, which are of ASCII too */
export function createTokenTable(
  find: (run: string) => RunTokens,
  to: { readonly words: JoinedWords; readonly parts: JoinedParts },
): TokenTable {
  // The system gives memory only for what is written to.
  const slots = new Int32Array(SLOTS)
  const quads = new Int32Array(QUADS)
  const bytesOfQuads = new Uint8Array(quads.buffer)
  // As bytes: their order in an Int32Array is that of the machine.
  const viewOfQuads = new DataView(quads.buffer)
  const hashes = new Int32Array(RUNS_AT_ONCE + 1)
  // No run lies at 0, which stands for none.
  let used = 1
  let known = 0

  /**
   * All hashes first, and a look at where they lead: the processor waits for many places of memory at once, not for one
   * after the other.
   */
  function hashAll({ view }: AsciiText, { froms, lengths, count }: FoundRuns): void {
    for (let index = 0; index < count; index++)
      hashes[index] = hashOf(view, froms[index] as number, lengths[index] as number)
    let seen = 0
    for (let index = 0; index < count; index++)
      seen ^= quads[(slots[(hashes[index] as number) & (SLOTS - 1)] as number) & ~TAG] as number
    // Kept, or the look at them would be left out.
    hashes[RUNS_AT_ONCE] = seen
  }

  function holds(quad: number, view: DataView, from: number, length: number): boolean {
    if (((quads[quad] as number) & 0xff) !== length) return false
    let place = 4 * (quad + HEAD)
    let at = from
    let left = length
    for (; left > 4; left -= 4, at += 4, place += 4)
      if (viewOfQuads.getInt32(place, true) !== view.getInt32(at, true)) return false
    return lastOf(viewOfQuads, place, left) === lastOf(view, at, left)
  }

  function quadOf(view: DataView, from: number, length: number, hash: number): number {
    for (let at = hash & (SLOTS - 1); ; at = (at + 1) & (SLOTS - 1)) {
      const slot = slots[at] as number
      if (slot === 0) return NONE
      if (((slot ^ hash) & TAG) === 0 && holds(slot & ~TAG, view, from, length)) return slot & ~TAG
    }
  }

  /** @returns undefined when it would lie too far from where it is looked for first */
  function freeSlot(hash: number): number | undefined {
    for (let probes = 0; probes < MOST_PROBES; probes++) {
      const at = (hash + probes) & (SLOTS - 1)
      if (slots[at] === 0) return at
    }
    return undefined
  }

  function remember(run: string, hash: number): number {
    const { words, parts } = find(run)
    const wordsAt = HEAD + quadsFor(run.length)
    const partsAt = wordsAt + quadsFor(words.length)
    const size = parts === '' ? partsAt : partsAt + 1
    let slot = freeSlot(hash)
    if (slot === undefined || used + size > QUADS || known >= MOST_RUNS) {
      forgetAll()
      slot = hash & (SLOTS - 1)
    }
    const quad = used
    used += size
    known++
    slots[slot] = (hash & TAG) | quad
    quads[quad] = run.length | (words.length << 8) | (parts === '' ? 0 : 1 << 16) | (countWords(words) << 24)
    write(quad + HEAD, run)
    write(quad + wordsAt, words)
    if (parts !== '') quads[quad + partsAt] = to.parts.numberOf(parts)
    return quad
  }

  function write(quad: number, text: string): void {
    for (let at = 0; at < text.length; at++) bytesOfQuads[4 * quad + at] = text.charCodeAt(at)
  }

  function forgetAll(): void {
    slots.fill(0)
    used = 1
    known = 0
  }

  return {
    forgetAll,
    addRuns(ascii, runs) {
      const { words, parts } = to
      hashAll(ascii, runs)
      const { text, view } = ascii
      const { froms, lengths, count } = runs
      let place = words.begin(count)
      let wordCount = 0
      for (let index = 0; index < count; index++) {
        const from = froms[index] as number
        const length = lengths[index] as number
        const hash = hashes[index] as number
        let quad = quadOf(view, from, length, hash)
        if (quad === NONE) quad = remember(text.slice(from, from + length), hash)
        const head = quads[quad] as number
        const wordBytes = (head >>> 8) & 0xff
        const wordsQuad = quad + HEAD + quadsFor(length)
        const wordsAt = 4 * wordsQuad
        // Up to three bytes too many, which the next words overwrite.
        for (let at = 0; at < wordBytes; at += 4)
          words.view.setInt32(place + at, viewOfQuads.getInt32(wordsAt + at, true), true)
        place = words.wrote(place + wordBytes)
        wordCount += head >>> 24
        if ((head & (1 << 16)) !== 0) parts.add(quads[wordsQuad + quadsFor(wordBytes)] as number)
      }
      words.end(place, wordCount)
    },
  }
}

function hashOf(view: DataView, from: number, length: number): number {
  let hash = length
  let at = from
  let left = length
  for (; left > 4; left -= 4, at += 4) hash = mixed(hash ^ view.getInt32(at, true))
  return mixed(hash ^ lastOf(view, at, left))
}

function mixed(hash: number): number {
  const product = Math.imul(hash, 0x5bd1e995)
  return product ^ (product >>> 15)
}

/** The last one to four bytes of a run. */
function lastOf(view: DataView, at: number, bytes: number): number {
  return view.getInt32(at, true) & maskOf(bytes)
}

function maskOf(bytes: number): number {
  return -1 >>> (32 - 8 * bytes)
}

function quadsFor(bytes: number): number {
  return (bytes + 3) >> 2
}

/** Each of its letters may be a word of one letter and a space: that is what `WORDS_ROOM` is for. */
export const LONGEST_RUN = 32

// 1 and 4 MiB when all are taken: more words than most histories have.
const SLOTS = 2 ** 18
const QUADS = 2 ** 20
// With more of them looking for a free slot takes long.
const MOST_RUNS = SLOTS / 2
// Words that people write lie near. Whoever makes runs with one hash makes nobody wait.
const MOST_PROBES = 256
/** The bits of a slot that do not say where. */
const TAG = ~(QUADS - 1)
const HEAD = 1
const NONE = 0
