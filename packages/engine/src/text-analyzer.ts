import type { SearchTerm, TextAnalyzer, TextTokens, TokenPlace } from '@arawn/core/text-analyzer'
import { createAsciiTexts, isAscii } from './analysis/ascii-text.js'
import { analyseCompound, partsOf } from './analysis/compound.js'
import { createFoundRuns, findRuns, setOnly } from './analysis/find-runs.js'
import { createJoinedParts } from './analysis/joined-parts.js'
import { createJoinedWords } from './analysis/joined-words.js'
import { type RunVisitor, scanRun, scanRuns } from './analysis/scan-runs.js'
import { spacelessTokens } from './analysis/spaceless-tokens.js'
import { stem } from './analysis/stem.js'
import { stemsBehindPrefix } from './analysis/stems-behind-prefix.js'
import { createTokenTable, LONGEST_RUN, type RunTokens } from './analysis/token-table.js'
import { createWordCache } from './analysis/word-cache.js'

// Raise it when any text gives other tokens than before: all search rows are made anew then.
const VERSION = 1

/**
 * The analyzer of Arawn: words as English stems without case and accents, identifiers and file names whole and in parts,
 * scripts without spaces as pairs of letters.
 *
 * | text | words | parts |
 * |---|---|---|
 * | `Connections` | `connect` | |
 * | `getUserName` | `get user name` | `getusernam` |
 * | `log-store.ts` | `log store ts` | `logstoret logstor` |
 * | `東京都` | `東京 京都` | `都` |
 */
export function createTextAnalyzer(): TextAnalyzer {
  // Apart, because an index is made of tokens alone, and what is small stays in the caches of the processor.
  const words = createJoinedWords()
  const parts = createJoinedParts()
  const asciiTokens = createTokenTable(tokensOfRun, { words, parts })
  const otherTokens = createWordCache(tokensOfRun)
  const placesOfRunAt = createWordCache(placesOfRun)
  const asciiText = createAsciiTexts()
  const runs = createFoundRuns()

  function tokensOf(text: string): TextTokens {
    if (parts.isFull()) {
      // It keeps their numbers.
      asciiTokens.forgetAll()
      parts.forgetNumbers()
    }
    const ascii = asciiText(text)
    const found = () => asciiTokens.addRuns(ascii, runs)
    const others: RunVisitor = {
      compound(from, to) {
        if (to - from <= LONGEST_RUN && isAscii(ascii, from, to)) {
          setOnly(runs, from, to)
          found()
          return
        }
        const tokens = otherTokens(text, from, to)
        if (tokens.words !== '') words.add(tokens.words)
        if (tokens.parts !== '') parts.add(parts.numberOf(tokens.parts))
      },
      spaceless(from, to) {
        const tokens = spacelessTokens(text.slice(from, to))
        for (const { token } of tokens.words) words.add(token)
        if (tokens.last !== undefined) parts.add(parts.numberOf(tokens.last.token))
      },
    }
    findRuns(ascii, runs, LONGEST_RUN, { found, other: (from) => scanRun(text, from, others) })
    return { ...words.take(), parts: parts.take() }
  }

  return {
    version: VERSION,
    tokensOf,
    termOf,
    placesOf: (text) => placesOf(text, (from, to) => placesOfRunAt(text, from, to).places),
  }
}

function tokensOfRun(run: string): RunTokens & { run: string } {
  const compound = analyseCompound(run)
  const words = compound.words.map((word) => word.stem).join(' ')
  return { run, words: words === run ? run : words, parts: partsOf(compound).join(' ') }
}

function termOf(text: string, { prefix }: { prefix: boolean }): SearchTerm | undefined {
  const words: string[] = []
  const wholes: (string | undefined)[] = []
  let last: { folded: string; isLetter: boolean } | undefined
  scanRuns(text, {
    compound(from, to) {
      const compound = analyseCompound(text.slice(from, to))
      for (const { stem: stemmed, folded } of compound.words) {
        words.push(stemmed)
        last = { folded, isLetter: false }
      }
      wholes.push(compound.whole)
    },
    spaceless(from, to) {
      const tokens = spacelessTokens(text.slice(from, to))
      for (const { token } of tokens.words) words.push(token)
      const only = tokens.words[0]
      if (only !== undefined) last = { folded: tokens.words.at(-1)?.token ?? '', isLetter: tokens.last === undefined }
      wholes.push(undefined)
    },
  })
  if (last === undefined) return undefined
  // A single letter is found by the pairs that begin with it.
  const goesOn = prefix || last.isLetter
  if (goesOn) words[words.length - 1] = last.folded
  const whole = wholes.length === 1 ? wholes[0] : undefined
  const written = words.length === 1 ? last.folded : whole
  return {
    words: words.slice(0, MOST_WORDS),
    whole: whole === undefined || goesOn ? whole : stem(whole),
    prefix: goesOn,
    also: goesOn && written !== undefined ? stemsBehindPrefix(written) : undefined,
  }
}

// Nobody quotes more, and a query has to end somewhere.
const MOST_WORDS = 64

/** What stands in a run, with offsets into it. */
function placesOfRun(run: string): { readonly run: string; readonly places: readonly TokenPlace[] } {
  const { words, whole, trunk } = analyseCompound(run)
  const places = words.map(({ from, to, folded, stem: word }): TokenPlace => ({ from, to, word, forms: [folded] }))
  const wholes = [whole, trunk].filter((one) => one !== undefined)
  if (wholes.length > 0) places.push({ from: 0, to: run.length, forms: wholes.flatMap((one) => [one, stem(one)]) })
  return { run, places }
}

function placesOf(text: string, placesOfRunAt: (from: number, to: number) => readonly TokenPlace[]): TokenPlace[] {
  const places: TokenPlace[] = []
  scanRuns(text, {
    compound(start, end) {
      for (const { from, to, word, forms } of placesOfRunAt(start, end))
        places.push({ from: start + from, to: start + to, word, forms })
    },
    spaceless(start, end) {
      const tokens = spacelessTokens(text.slice(start, end))
      for (const { from, to, token } of tokens.words)
        places.push({ from: start + from, to: start + to, word: token, forms: [token] })
      const { last } = tokens
      if (last !== undefined) places.push({ from: start + last.from, to: start + last.to, forms: [last.token] })
    },
  })
  return places
}
