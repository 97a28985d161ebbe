// C0 and C1 control characters, and marks that reverse the direction of text or end a line: in somebody else's words
// they could move the cursor, change colours or disguise what is said.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** What would steer a terminal becomes an escape, the same as in JSON. Line ends and tabs stay. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Text that is safe on a terminal. */
export function printable(text: string): string {
  return escapeUnsafe(text.replace(/\r\n/g, '\n'))
}

/** The same on one line. */
export function printableLine(text: string): string {
  return escapeUnsafe(text.replace(/\s+/g, ' ').trim())
}
