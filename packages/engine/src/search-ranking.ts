/** Which messages matter most for a query: the ranking of recall, across workstreams. */

import type { WorkstreamId } from '@arawn/core/id'
import type { SearchExpression } from '@arawn/core/search'
import type { SearchTerm, TextAnalyzer } from '@arawn/core/text-analyzer'
import { createBest } from './recall/best.js'
import { inverseFrequency } from './recall/inverse-frequency.js'
import { layOut } from './recall/lay-out.js'
import { lengthsOf } from './recall/lengths.js'
import { dateMatchOf } from './recall/question-dates.js'
import { rounded } from './recall/rounded.js'
import { AUTHOR_WEIGHT, scorePlaces } from './recall/score-places.js'
import { createScratch } from './recall/scratch.js'
import { sessionBorders } from './recall/session-borders.js'
import { stopTokens } from './recall/stop-words.js'
import { findTerms, type SearchIndex } from './search/find-terms.js'

export type { SearchIndex } from './search/find-terms.js'

export interface AskedSearch {
  readonly expression: SearchExpression
  /** As it was typed: it may name a day. */
  readonly text: string
  /** When it is asked: `yesterday` is the day before. */
  readonly nowMs: number
  /** Leaves these out: sequences by workstream. */
  readonly except?: Readonly<Record<WorkstreamId, readonly number[]>> | undefined
}

export interface RankedMatch {
  readonly workstreamId: WorkstreamId
  readonly sequence: number
  readonly score: number
  /** It says some of the words only, or stands beside messages that do. */
  readonly partial: boolean
}

export interface RankedMatches {
  /** The best first. Of those that are as good as the last one, some may be missing. */
  best(limit: number): RankedMatch[]
  /** A score, when this is the author: those whom the query names get some more. */
  scoreWith(author: string | undefined, score: number): number
  /** The most that an author adds. */
  readonly mostByAuthor: number
}

/**
 * Ranks what matches. The same index and query give the same answer.
 *
 * Messages that match come first. Behind them, when nothing but words is asked for, come messages that say some of the
 * words, or stand beside messages that do: what answers a question has few of its words.
 */
export type RankMatches = (index: SearchIndex, asked: AskedSearch) => Promise<RankedMatches>

// More than all that speaks for a message otherwise.
const MATCH_SCORE = 3

export function createSearchRanking(analyzer: TextAnalyzer): RankMatches {
  const stops = stopTokens(analyzer)
  const scratch = createScratch()
  const tokensOf = (text: string) => analyzer.tokensOf(text).words.split(' ')

  return async (index, { expression, text, nowMs, except = {} }) => {
    const terms = termsOf(expression)
    const found = await findTerms(index, without(terms, stops))
    const isOneTerm = terms.length === 1 && expression.without.length === 0
    const matches = isOneTerm ? (found[0]?.matches ?? []) : await index.matches(expression)
    const touched = [matches, ...found.map((one) => one.matches)].flat()
    const { shape, sequencesOf, at } = layOut(await index.shapes([...new Set(touched.map((one) => one.workstreamId))]))
    // What an author said does not name them, and what others say to them is about anything.
    const names = new Set(shape.authors.flatMap(tokensOf))
    const telling = new Set(without(terms, new Set([...names, ...stops])))
    const borders = sessionBorders(shape)
    const lengths = lengthsOf(shape.wordCounts, borders)
    const placed = found
      .filter(({ term }) => telling.has(term) || found.every((one) => !telling.has(one.term)))
      .map((one) => {
        const sequences = sequencesOf(one.matches)
        return { sequences, idf: inverseFrequency(sequences.length, lengths.messageCount) }
      })
    const dateMatch = dateMatchOf(text, nowMs)
    const matching = sequencesOf(matches)
    const only = expression.plain ? undefined : scratch.bytes('only', shape.wordCounts.length)
    if (only !== undefined) for (const sequence of matching) only[sequence - 1] = 1
    const { near, scoreAt } = scorePlaces(shape, placed, { borders, lengths, dateMatch, scratch, only })

    const given = Object.entries(except).map(([workstreamId, sequences]) => ({ workstreamId, sequences }))
    const taken = scratch.bytes('taken', shape.wordCounts.length)
    for (const sequence of sequencesOf(given)) taken[sequence - 1] = 1
    const places: number[] = []
    const scores: number[] = []
    const take = (place: number, more: number) => {
      if (taken[place] !== 0) return
      taken[place] = 1
      places.push(place)
      scores.push(scoreAt(place) + more)
    }
    for (const sequence of matching) take(sequence - 1, MATCH_SCORE)
    if (expression.plain) for (const place of near()) take(place, 0)

    const named = new Set(terms.flatMap(({ words }) => words).filter((word) => names.has(word)))
    return {
      best: (limit) => {
        const best = createBest(limit)
        for (let n = 0; n < places.length; n++) best.offer(places[n] as number, scores[n] as number)
        return best
          .take()
          .map(({ place, score }) => ({ ...at(place), score: rounded(score), partial: score < MATCH_SCORE }))
      },
      scoreWith: (author = '', score) =>
        tokensOf(author).some((token) => named.has(token)) ? rounded(score + AUTHOR_WEIGHT) : score,
      mostByAuthor: named.size > 0 ? AUTHOR_WEIGHT : 0,
    }
  }
}

/** Each term that a message may say, once. */
function termsOf({ alternatives }: SearchExpression): SearchTerm[] {
  return [...new Map(alternatives.flat().map((term) => [JSON.stringify(term), term])).values()]
}

/** Terms of other words than these; all of them when there are no others. */
function without(terms: readonly SearchTerm[], words: ReadonlySet<string>): readonly SearchTerm[] {
  const others = terms.filter((term) => !term.words.every((word) => words.has(word)))
  return others.length > 0 ? others : terms
}
