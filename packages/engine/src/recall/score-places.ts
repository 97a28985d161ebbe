import type { RecallShape } from '@arawn/core/recall'
import { kernelScores } from './kernel-scores.js'
import type { Lengths } from './lengths.js'
import type { DateMatch } from './question-dates.js'
import { rounded } from './rounded.js'
import type { Scratch } from './scratch.js'
import { type SessionBorders, sessionAt } from './session-borders.js'
import { scoreSessions } from './session-scores.js'

/** Where something stands that was asked for. */
export interface Found {
  /** Of the messages that have it, descending. */
  readonly sequences: ArrayLike<number>
  readonly idf: number
}

/** All of it stands in the scratch: good until the next one. A place is a sequence less one. */
export interface PlacedScores {
  /** Whether something speaks for any message. */
  readonly isAnything: boolean
  /** Where something stands that was asked for, or near in the same session; ascending. */
  near(): number[]
  /** 0 where nothing speaks for a message. */
  scoreAt(place: number): number
  /** Visits all messages. */
  each(visit: (place: number, score: number) => void): void
  /** What the score of a place is the sum of, and the sum. */
  partsAt(place: number): { readonly scores: Record<string, number>; readonly score: number }
}

const SESSION_WEIGHT = 0.35
const DATE_WEIGHT = 0.6
/** For what somebody said whom the question names: known once it is known who said what. */
export const AUTHOR_WEIGHT = 0.25

/**
 * Scores messages.
 *
 * `words` is what a message and its neighbours say, `session` what was talked about all around; both are shares of the best
 * there is. `date` counts where the question names a day.
 */
export function scorePlaces(
  shape: RecallShape,
  found: readonly Found[],
  {
    borders,
    lengths,
    dateMatch,
    scratch,
    only,
  }: {
    readonly borders: SessionBorders
    readonly lengths: Lengths
    readonly dateMatch: DateMatch | undefined
    readonly scratch: Scratch
    /** By place: 0 where nobody asks for a score. */
    readonly only?: Uint8Array | undefined
  },
): PlacedScores {
  const { wordCounts, sessionStarts } = shape
  const { count, starts } = borders
  const { scores: words, most } = kernelScores({ wordCounts, borders, meanLength: lengths.mean, scratch, only }, found)
  const { scores: sessions, most: mostOfSessions } = scoreSessions(borders, lengths.ofSessions, scratch, found)
  const wordShare = shareOf(most, 1)
  const sessionShare = shareOf(mostOfSessions, SESSION_WEIGHT)
  const date = scratch.doubles('date', count)
  const around = scratch.doubles('around', count)
  let isDated = false
  for (let session = 0; session < count; session++) {
    if (dateMatch !== undefined) date[session] = DATE_WEIGHT * dateMatch(sessionStarts.saidMs[session] as number)
    if ((date[session] as number) > 0) isDated = true
    around[session] = (sessions[session] as number) * sessionShare + (date[session] as number)
  }
  let last = 0

  return {
    isAnything: wordShare + sessionShare > 0 || isDated,
    near: () => {
      const places: number[] = []
      for (let place = 0; place < words.length; place++) if ((words[place] as number) > 0) places.push(place)
      return places
    },
    scoreAt: (place) => {
      // Most places that are asked for lie beside the last one.
      const isSame = place >= (starts[last] as number) && place < (starts[last + 1] as number)
      if (!isSame) last = sessionAt(borders, place)
      return (words[place] as number) * wordShare + (around[last] ?? 0)
    },
    each: (visit) => {
      for (let session = 0; session < count; session++) {
        const ofSession = around[session] as number
        for (let place = starts[session] as number; place < (starts[session + 1] as number); place++)
          if ((wordCounts[place] as number) > 0) visit(place, (words[place] as number) * wordShare + ofSession)
      }
    },
    partsAt: (place) => {
      const session = sessionAt(borders, place)
      const scores: Record<string, number> = {}
      let score = 0
      const add = (name: string, part: number) => {
        if (part <= 0) return
        const share = rounded(part)
        scores[name] = share
        score += share
      }
      add('words', (words[place] ?? 0) * wordShare)
      add('session', (sessions[session] ?? 0) * sessionShare)
      add('date', date[session] ?? 0)
      return { scores, score }
    },
  }
}

/** So that the greatest score weighs as much as that. */
function shareOf(most: number, weight: number): number {
  return most > 0 ? weight / most : 0
}
