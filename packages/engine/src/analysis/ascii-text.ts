/**
 * A text as one byte for each of its UTF-16 units, so that offsets are those of the text: ASCII as it is, anything else as
 * `OTHER`. A byte of an array is read in a fraction of the time that a character of a string takes.
 *
 * Behind the text stand some more bytes, the first two of them `END`: whoever reads on needs no border.
 */
export interface AsciiText {
  readonly text: string
  readonly bytes: Uint8Array
  /** The same bytes. */
  readonly view: DataView
}

export const OTHER = 0x80
export const END = 0x81

/** @returns what makes such a text, which is good until the next one is made */
export function createAsciiTexts(): (text: string) => AsciiText {
  const encoder = new TextEncoder()
  const kept = withRoomFor(KEPT_UNITS)
  return (text) => {
    const { length } = text
    const { bytes, view } = length <= KEPT_UNITS ? kept : withRoomFor(length)
    // Each unit that is not ASCII takes more than one byte, so then it is another number, or too much to fit.
    if (encoder.encodeInto(text, bytes).written !== length)
      for (let at = 0; at < length; at++) bytes[at] = Math.min(text.charCodeAt(at), OTHER)
    bytes[length] = END
    bytes[length + 1] = END
    return { text, bytes, view }
  }
}

export function isAscii({ bytes }: AsciiText, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] as number) >= OTHER) return false
  return true
}

function withRoomFor(units: number): Omit<AsciiText, 'text'> {
  const bytes = new Uint8Array(units + BEHIND)
  return { bytes, view: new DataView(bytes.buffer) }
}

// More than nearly all messages have.
const KEPT_UNITS = 64 * 1024
const BEHIND = 8
