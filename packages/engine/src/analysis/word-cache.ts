/**
 * Remembers what was found out about words: most words of a history are among some ten thousand.
 *
 * Each word has one slot, and another one with the same slot takes its place: a Map that has to be kept from growing
 * takes twice as long.
 */
export function createWordCache<Known extends { readonly run: string }>(
  find: (run: string) => Known,
): (text: string, from: number, to: number) => Known {
  // Made for the first word: many commands look at none.
  let slots: (Known | undefined)[] | undefined
  // Looked at first: what lies in a row is near, what it points to is not.
  const hashes = new Int32Array(SLOTS)
  return (text, from, to) => {
    const run = text.slice(from, to)
    if (to - from > LONGEST) return find(run)
    let hash = to - from
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x5bd1e995)
    slots ??= new Array<Known | undefined>(SLOTS).fill(undefined)
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const known = slots[slot]
    if (known !== undefined && hashes[slot] === hash && known.run === run) return known
    const found = find(copied(run))
    slots[slot] = found
    hashes[slot] = hash
    return found
  }
}

// With their words some tens of megabytes when all are taken.
const SLOTS = 2 ** 17
const LONGEST = 40

/** Not a slice, for which V8 would keep the whole text. */
function copied(run: string): string {
  return run.length < 13 ? run : Array.from(run).join('')
}
