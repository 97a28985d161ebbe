import { parse, postprocess, preprocess } from 'micromark'
import { gfm } from 'micromark-extension-gfm'

/** Where raw HTML stands in a Markdown text, in order: offsets in UTF-16 units, `end` behind the last one. */
export function findHtml(markdown: string): { start: number; end: number }[] {
  const events = postprocess(
    parse({ extensions: [gfm()] })
      .document()
      .write(preprocess()(markdown, 'utf8', true)),
  )
  const found: { start: number; end: number }[] = []
  for (const [kind, { type, start, end }] of events) {
    if (kind !== 'enter' || (type !== 'htmlFlow' && type !== 'htmlText')) continue
    // Spaces may stand before the tag of a block.
    const tag = markdown.indexOf('<', start.offset)
    if (tag >= (found.at(-1)?.end ?? 0)) found.push({ start: tag, end: end.offset })
  }
  return found
}
