/** Until all together have no more bytes. @param kept the one that was used last stands last */
export function forgetOldest<Kept>(kept: Map<number, Kept>, mostBytes: number, bytesOf: (one: Kept) => number): void {
  let bytes = 0
  for (const one of kept.values()) bytes += bytesOf(one)
  for (const [number, one] of kept) {
    if (bytes <= mostBytes) return
    bytes -= bytesOf(one)
    kept.delete(number)
  }
}
