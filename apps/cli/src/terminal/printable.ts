// C0 and C1 control characters and the marks that reverse the direction of text: in somebody else's words they could
// move the cursor, change colours or disguise what is said.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Text that is safe on a terminal: what would steer it is shown as an escape. Line ends and tabs stay. */
export function printable(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim())
}
