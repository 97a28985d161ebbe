/**
 * Estimates how many tokens a text is, without a vocabulary.
 *
 * Encoders first cut a text into words with the blank or sign before them, groups of up to three digits, runs of signs,
 * and runs of blanks; then they cut what is long. The same is done here with lengths alone, in one pass. The weights lie
 * between two vocabularies, a newer one and an older one; `test/token-counters.test.ts` holds what they are good for.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  let last: number = Kind.none
  // Length of the run that is being read: a word, a number, blanks.
  let run = 0
  let lastCode = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const kind: number = code < 128 ? (asciiKinds[code] as number) : kindOf(code)
    switch (kind) {
      case Kind.lower:
      case Kind.upper:
      case Kind.foreignLetter: {
        const isNew = last !== Kind.lower && last !== Kind.upper && last !== Kind.foreignLetter
        if (isNew || (kind === Kind.upper && last === Kind.lower)) {
          run = 1
          tokens += 1
          // A sign before a word is part of it.
          if (last === Kind.sign && isNew) tokens -= SIGN_TAKEN
        } else {
          run += 1
          if (kind === Kind.upper) tokens += CAPITAL
          else if (run > ENDLESS) tokens += ENDLESS_LETTER
          else if (kind === Kind.foreignLetter) tokens += FOREIGN_LETTER
          else if (run > SHORT_WORD) tokens += LATER_LETTER
        }
        break
      }
      case Kind.digit:
        run = last === Kind.digit ? run + 1 : 1
        if (run % 3 === 1) tokens += 1
        // A blank is part of a word behind it, but not of a number.
        if (last === Kind.blank) tokens += 1
        break
      case Kind.rareSign:
        tokens += code === lastCode ? SAME_SIGN : RARE_SIGN
        break
      case Kind.sign:
        if (last !== Kind.sign) tokens += 1
        else tokens += code === lastCode ? SAME_SIGN : OTHER_SIGN
        break
      case Kind.blank:
        // One blank is part of the word behind it, more are a token of their own.
        run = last === Kind.blank ? run + 1 : 1
        if (run === 2) tokens += 1
        break
      case Kind.lineEnd:
        // The end of a line is part of the signs before it.
        if (last !== Kind.lineEnd) tokens += last === Kind.sign ? LINE_END_TAKEN : 1
        break
      case Kind.ideograph:
        tokens += IDEOGRAPH
        break
      case Kind.syllable:
        tokens += SYLLABLE
        break
      case Kind.farLetter:
        tokens += FAR_LETTER
        break
      default:
        tokens += OTHER
    }
    last = kind
    lastCode = code
  }
  return Math.ceil(tokens)
}

enum Kind {
  none,
  lower,
  upper,
  foreignLetter,
  digit,
  sign,
  blank,
  lineEnd,
  rareSign,
  ideograph,
  syllable,
  farLetter,
  other,
}

const SHORT_WORD = 5
const LATER_LETTER = 0.2
const CAPITAL = 0.55
const FOREIGN_LETTER = 0.25
// Longer than words are: what nobody has put into a vocabulary.
const ENDLESS = 24
const ENDLESS_LETTER = 0.5
const SIGN_TAKEN = 0.5
const LINE_END_TAKEN = 0.4
const OTHER_SIGN = 0.5
const SAME_SIGN = 0.1
// Arrows, frames, mathematics.
const RARE_SIGN = 1.3
const IDEOGRAPH = 0.85
const SYLLABLE = 0.75
// Vocabularies differ most here: a third of a token for each letter in the newer one, up to one in the older.
const FAR_LETTER = 0.7
const OTHER = 1.2

const asciiKinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/[a-z]/.test(character)) return Kind.lower
  if (/[A-Z]/.test(character)) return Kind.upper
  if (/[0-9]/.test(character)) return Kind.digit
  if (character === '\n' || character === '\r') return Kind.lineEnd
  return /\s/.test(character) ? Kind.blank : Kind.sign
})

function kindOf(code: number): Kind {
  if (code < 0xc0) return Kind.sign
  if (code < 0x370 || (code >= 0x400 && code < 0x530)) return Kind.foreignLetter
  if (code < 0x1e00) return Kind.farLetter
  if (code < 0x1f00) return Kind.foreignLetter
  if (code < 0x2000) return Kind.farLetter
  if (code < 0x2060) return Kind.sign
  if (code < 0x2e80) return Kind.rareSign
  if (code < 0x3040) return Kind.sign
  if (code < 0x3100) return Kind.syllable
  if (code < 0xa000) return Kind.ideograph
  if (code >= 0xac00 && code < 0xd7a4) return Kind.farLetter
  if (code >= 0xff00 && code < 0xff61) return Kind.sign
  return Kind.other
}
