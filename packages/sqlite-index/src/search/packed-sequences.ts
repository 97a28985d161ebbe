/**
 * Sequences, descending, by how far each lies below the one before, in as many bytes of seven bits as that takes. A word that is
 * asked for often stands in every tenth or hundredth message: most take one byte instead of four.
 */
export interface PackedSequences {
  readonly bytes: Uint8Array
  readonly count: number
}

/** @param sequences descending */
export function packedSequences(sequences: Uint32Array): PackedSequences {
  const count = sequences.length
  let length = 0
  for (let n = 0; n < count; n++) length += bytesOf(gapAt(sequences, n))
  const bytes = new Uint8Array(length)
  let place = 0
  for (let n = 0; n < count; n++) {
    let gap = gapAt(sequences, n)
    for (; gap > SEVEN_BITS; gap >>>= 7) bytes[place++] = (gap & SEVEN_BITS) | MORE
    bytes[place++] = gap
  }
  return { bytes, count }
}

export function unpackedSequences({ bytes, count }: PackedSequences): Uint32Array {
  const sequences = new Uint32Array(count)
  let [place, before] = [0, 0]
  for (let n = 0; n < count; n++) {
    let byte = bytes[place++] as number
    let gap = byte & SEVEN_BITS
    for (let shift = 7; byte >= MORE; shift += 7) {
      byte = bytes[place++] as number
      gap |= (byte & SEVEN_BITS) << shift
    }
    // The first one as it is.
    before = n === 0 ? gap >>> 0 : before - gap
    sequences[n] = before
  }
  return sequences
}

function gapAt(sequences: Uint32Array, n: number): number {
  const sequence = sequences[n] as number
  return n === 0 ? sequence : (sequences[n - 1] as number) - sequence
}

function bytesOf(gap: number): number {
  let bytes = 1
  for (let left = gap; left > SEVEN_BITS; left >>>= 7) bytes++
  return bytes
}

const SEVEN_BITS = 0x7f
const MORE = 0x80
