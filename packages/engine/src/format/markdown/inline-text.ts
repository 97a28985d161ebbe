/** Text on one line: no line ends, tabs or other control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

/** Words of somebody on one line of Markdown that mean nothing but themselves. */
export function inlineText(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>&#|~$!]/g, '\\$&')
}
