import { fold } from './fold.js'
import { splitCompound } from './split-compound.js'
import { stem } from './stem.js'

/** A compound as it is found: its words in order, and it as a whole. */
export interface Compound {
  readonly run: string
  readonly words: readonly CompoundWord[]
  /** All of it written as one word, folded: `log-store.ts` is `logstorets`. Undefined for a single word. */
  readonly whole: string | undefined
  /** The same without what follows the last dot. */
  readonly trunk: string | undefined
}

export interface CompoundWord {
  /** Offsets into the run. */
  readonly from: number
  readonly to: number
  readonly folded: string
  readonly stem: string
}

export function analyseCompound(run: string): Compound {
  if (PLAIN.test(run))
    return {
      run,
      words: [{ from: 0, to: run.length, folded: run, stem: stem(run) }],
      whole: undefined,
      trunk: undefined,
    }
  const borders = splitCompound(run)
  const words: CompoundWord[] = []
  for (let index = 0; index < borders.length; index += 2) {
    const [from = 0, to = 0] = [borders[index], borders[index + 1]]
    const folded = fold(run.slice(from, to)).slice(0, LONGEST_TOKEN)
    if (folded !== '') words.push({ from, to, folded, stem: stem(folded) })
  }
  if (words.length < 2) return { run, words, whole: undefined, trunk: undefined }
  const dot = run.lastIndexOf('.')
  const before = words.filter(({ to }) => dot > 0 && to <= dot)
  return {
    run,
    words,
    whole: joined(words),
    trunk: before.length > 1 && before.length < words.length ? joined(before) : undefined,
  }
}

/** What `parts` has of a compound: the stems of the wholes. */
export function partsOf({ whole, trunk }: Compound): string[] {
  return [whole, trunk].filter((one) => one !== undefined).map(stem)
}

function joined(words: readonly CompoundWord[]): string {
  return words
    .map(({ folded }) => folded)
    .join('')
    .slice(0, LONGEST_TOKEN)
}

const LONGEST_TOKEN = 64

/** Most words of most texts: as they are. */
const PLAIN = /^[a-z0-9]{1,64}$/
