/**
 * A message of text as a server sends it: one frame, neither masked nor compressed
 * (https://www.rfc-editor.org/rfc/rfc6455#section-5.2).
 */
export function textFrame(payload: Buffer): Buffer {
  const length = payload.byteLength
  if (length <= LONGEST_IN_ONE_BYTE) return Buffer.concat([Buffer.from([WHOLE_TEXT, length]), payload])
  if (length <= LONGEST_IN_TWO_BYTES) {
    const head = Buffer.from([WHOLE_TEXT, IN_TWO_BYTES, 0, 0])
    head.writeUInt16BE(length, 2)
    return Buffer.concat([head, payload])
  }
  const head = Buffer.from([WHOLE_TEXT, IN_EIGHT_BYTES, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}

/** Last frame of its message; text. */
const WHOLE_TEXT = 0x81
const LONGEST_IN_ONE_BYTE = 125
const IN_TWO_BYTES = 126
const LONGEST_IN_TWO_BYTES = 0xffff
const IN_EIGHT_BYTES = 127
