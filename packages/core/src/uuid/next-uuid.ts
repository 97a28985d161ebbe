import { v7 } from 'uuid'

// Drawn for 256 of them at once: asked for each by itself, the system's randomness takes a quarter of an append.
const pool = new Uint8Array(256 * 16)
let used = pool.length
let lastMs = 0
let count = 0

/** The bytes of a new UUIDv7. Those of one process ascend, also within a millisecond and when the clock is set back. */
export function nextUuid(): Uint8Array {
  const random = randomBytes()
  const nowMs = Date.now()
  if (nowMs > lastMs) {
    lastMs = nowMs
    // Half of the range is left to count on in.
    count = new DataView(random.buffer).getUint32(6) >>> 1
  } else count++
  return v7({ random, msecs: lastMs, seq: count }, new Uint8Array(16))
}

function randomBytes(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  used += 16
  return pool.slice(used - 16, used)
}
