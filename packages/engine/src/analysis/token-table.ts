import type { TextTokens } from '@arawn/core/text-analyzer'
import type { JoinedWords } from './joined-words.js'

/**
 * Remembers the tokens of runs of ASCII, which most runs of most texts are.
 *
 * To look a word up is to wait for memory: a processor reads what objects hold one after the other (the slot, the object, its
 * run, its words), each of them from anywhere. Here all that is known of a run lies in 64 bytes, and its words go on as bytes:
 *
 *     | length of the run | length of the words | 1: has parts | run … | words … |
 *
 * A hash names two slots that a run can be in; when both are taken, it takes the place of one of them. It is found by
 * its bytes, never by the hash alone.
 */
export interface TokenTable {
  /**
   * Adds the words of a run, which lies in a text.
   *
   * @returns its parts, '' for none; undefined for a run that the table does not take, of which nothing was added then
   */
  addWords(text: string, from: number, to: number, words: JoinedWords): string | undefined
}

/** @param find the tokens of a run of ASCII, which are of ASCII too */
export function createTokenTable(find: (run: string) => TextTokens): TokenTable {
  // The system gives memory only for what is written to.
  const slots = new Uint8Array(SLOTS * SLOT_BYTES)
  const partsAt = new Map<number, string>()
  let evictions = 0

  function slotOf(pair: number, text: string, from: number, length: number): number {
    if (holds(pair, text, from, length)) return pair
    const other = pair + SLOT_BYTES
    return holds(other, text, from, length) ? other : NONE
  }

  function holds(slot: number, text: string, from: number, length: number): boolean {
    if (slots[slot] !== length) return false
    const run = slot + HEAD_BYTES
    for (let at = 0; at < length; at++) if (slots[run + at] !== text.charCodeAt(from + at)) return false
    return true
  }

  function slotToFill(pair: number): number {
    if (slots[pair] === 0) return pair
    const other = pair + SLOT_BYTES
    return slots[other] === 0 || evictions++ % 2 === 0 ? other : pair
  }

  /** @returns false when it does not fit */
  function fill(slot: number, run: string): boolean {
    const { words, parts } = find(run)
    if (words === '' || HEAD_BYTES + run.length + words.length > SLOT_BYTES) return false
    slots[slot] = run.length
    slots[slot + 1] = words.length
    slots[slot + 2] = parts === '' ? 0 : 1
    write(slot + HEAD_BYTES, run)
    write(slot + HEAD_BYTES + run.length, words)
    if (parts !== '') partsAt.set(slot, parts)
    return true
  }

  function write(begin: number, text: string): void {
    for (let at = 0; at < text.length; at++) slots[begin + at] = text.charCodeAt(at)
  }

  function copyWords(slot: number, words: JoinedWords): void {
    const begin = slot + HEAD_BYTES + (slots[slot] ?? 0)
    const end = begin + (slots[slot + 1] ?? 0)
    let place = words.begin()
    for (let at = begin; at < end; at++) words.bytes[place++] = slots[at] ?? 0
    words.wrote(place)
  }

  return {
    addWords(text, from, to, words) {
      const length = to - from
      if (length > LONGEST_RUN) return undefined
      let hash = length
      let units = 0
      for (let at = from; at < to; at++) {
        const unit = text.charCodeAt(at)
        units |= unit
        hash = Math.imul(hash ^ unit, 0x5bd1e995)
      }
      if (units > 0x7f) return undefined
      const pair = ((hash ^ (hash >>> 15)) & (SLOTS / 2 - 1)) * 2 * SLOT_BYTES
      let slot = slotOf(pair, text, from, length)
      if (slot === NONE) {
        slot = slotToFill(pair)
        if (!fill(slot, text.slice(from, to))) return undefined
      }
      copyWords(slot, words)
      return slots[slot + 2] === 0 ? '' : partsAt.get(slot)
    },
  }
}

// 8 MiB when all are taken: more words than most histories have.
const SLOTS = 2 ** 17
const SLOT_BYTES = 64
const HEAD_BYTES = 3
// With words of the same length it just fits.
const LONGEST_RUN = 30
const NONE = -1
