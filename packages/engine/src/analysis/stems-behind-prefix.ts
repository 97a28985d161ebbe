import { stem } from './stem.js'

/**
 * Stems of words that begin with a prefix and are shorter than it: `connecti` begins `connection`, whose stem is `connect`.
 * They are found by finishing each English ending that the prefix may have begun.
 */
export function stemsBehindPrefix(prefix: string): string[] {
  const stems = new Set<string>()
  if (!/^[a-z]{3,40}$/.test(prefix)) return []
  for (const ending of ENDINGS)
    for (let begun = 0; begun <= ending.length; begun++) {
      if (!prefix.endsWith(ending.slice(0, begun))) continue
      const found = stem(prefix + ending.slice(begun))
      if (!found.startsWith(prefix)) stems.add(found)
    }
  return [...stems]
}

const ENDINGS = [
  's es ies ed ied eed ing ings ling ting ning ring ping ming ging ding bing',
  'er ers or ors y e ly ely fully ously ally ably ibly ently ively',
  'ion ions ation ations ization izations ational tional ize izes ized izing izer izers',
  'ment ments ement ness fulness ousness iveness ful ous ive ic ical icate',
  'al alism ality ivity ibility ability iti ity able ible ance ence ancy ency ant ent',
  'ate ates ated ating ator ators ism ist ists',
].flatMap((line) => line.split(' '))
