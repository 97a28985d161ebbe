import { stemmer } from 'stemmer'

/** The stem of a folded word: Porter's, for what can be English; anything else is its own. */
export function stem(word: string): string {
  return word.length > 2 && word.length <= LONGEST_WORD && PLAIN.test(word) ? stemmer(word) : word
}

const PLAIN = /^[a-z]+$/
// No word of a language is longer, and the rules of Porter read it several times.
const LONGEST_WORD = 40
