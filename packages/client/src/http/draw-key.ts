const BYTES = 16

/** A key that nobody has drawn before. `randomUUID` is missing on pages without TLS. */
export function drawKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES))
  return `auto-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
