/**
 * Arrays of a value or two a message, kept from question to question. Made anew for each they would pile up faster than
 * they are collected: with a million messages some ten megabytes a question.
 */
export interface Scratch {
  /** All zero, and good until it is asked for under this name again. */
  floats(name: string, length: number): Float32Array
  doubles(name: string, length: number): Float64Array
  integers(name: string, length: number): Int32Array
  bytes(name: string, length: number): Uint8Array
}

export function createScratch(): Scratch {
  const kept = new Map<string, ArrayBuffer>()
  function bufferOf(name: string, byteLength: number): ArrayBuffer {
    const known = kept.get(name)
    if (known !== undefined && known.byteLength >= byteLength) return known
    const buffer = new ArrayBuffer(byteLength)
    kept.set(name, buffer)
    return buffer
  }
  return {
    floats: (name, length) => new Float32Array(bufferOf(name, 4 * length), 0, length).fill(0),
    doubles: (name, length) => new Float64Array(bufferOf(name, 8 * length), 0, length).fill(0),
    integers: (name, length) => new Int32Array(bufferOf(name, 4 * length), 0, length).fill(0),
    bytes: (name, length) => new Uint8Array(bufferOf(name, length), 0, length).fill(0),
  }
}
