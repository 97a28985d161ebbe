import { type IdPrefix, type IdSource, idFromBytes } from '@arawn/core/id'

/** Valid TypeIDs that count from 1 for each prefix, so that a test can foretell them: `msg_00000000000000000000000001`. */
export function createCountingIds(): IdSource {
  const counts = new Map<IdPrefix, number>()
  return {
    next(prefix) {
      const count = (counts.get(prefix) ?? 0) + 1
      counts.set(prefix, count)
      const bytes = new Uint8Array(16)
      new DataView(bytes.buffer).setUint32(12, count)
      return idFromBytes(prefix, bytes)
    },
  }
}
