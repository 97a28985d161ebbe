/** Cuts prose into sentences, in any language. */

let segmenter: Intl.Segmenter | undefined

/** Trimmed, none empty, each as it stands in the text. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  let open = ''
  // Made when it is needed: the first segmenter of a process takes it some 20 ms.
  segmenter ??= new Intl.Segmenter('und', { granularity: 'sentence' })
  for (const { segment } of segmenter.segment(text)) {
    open += segment
    // `e.g. this` and `1. that` are no ends.
    if (ENDS_EARLY.test(open.slice(-12))) continue
    if (open.trim() !== '') sentences.push(open.trim())
    open = ''
  }
  if (open.trim() !== '') sentences.push(open.trim())
  return sentences
}

const ENDS_EARLY = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|z\.B|d\.h|bzw|p\.ej|\d{1,2})\.\s{1,3}$/i
