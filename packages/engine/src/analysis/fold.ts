/** One spelling for what people write alike: no upper case, no accents, no compatibility forms. */
export function fold(piece: string): string {
  if (ASCII.test(piece)) return piece.toLowerCase()
  const plain = piece.toLowerCase().normalize('NFKD').toLowerCase().replace(ACCENTS, '').replace(NO_WORD, '')
  return plain.replace(LIGATURES, (letter) => spelled[letter] ?? letter)
}

/** The same for scripts without spaces, where marks make other letters. */
export function foldSpaceless(run: string): string {
  return run.normalize('NFKC').toLowerCase().replace(NO_WORD, '')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
const ASCII = /^[\u0000-\u007f]*$/
// Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels. Marks of Indic scripts are vowels that count.
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g
const NO_WORD = /[^\p{L}\p{N}\p{M}]|[\ufe00-\ufe0f]/gu

/** Letters that Unicode does not take apart. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}
const LIGATURES = new RegExp(`[${Object.keys(spelled).join('')}]`, 'g')
