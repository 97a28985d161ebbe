import { foldSpaceless } from './fold.js'

export interface SpacelessToken {
  /** Offsets into the run. */
  readonly from: number
  readonly to: number
  readonly token: string
}

/**
 * A run of a script without spaces as pairs of letters that overlap: any two letters that stand together are found,
 * without a dictionary that would differ from one version of ICU to the next. A single letter stands for itself.
 *
 * @returns the pairs, and the last letter: together with pairs that begin with it, it finds every place of a letter
 */
export function spacelessTokens(run: string): {
  readonly words: SpacelessToken[]
  readonly last: SpacelessToken | undefined
} {
  const letters: SpacelessToken[] = []
  for (let from = 0; from < run.length; ) {
    let to = from + letterWidth(run, from)
    while (to < run.length && /\p{M}/u.test(run.charAt(to))) to++
    const token = foldSpaceless(run.slice(from, to))
    if (token !== '') letters.push({ from, to, token })
    from = to
  }
  const last = letters.at(-1)
  if (letters.length < 2) return { words: letters, last: undefined }
  const words = letters.slice(1).map((letter, index) => {
    const before = letters[index] ?? letter
    return { from: before.from, to: letter.to, token: before.token + letter.token }
  })
  return { words, last }
}

function letterWidth(run: string, at: number): number {
  return (run.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
