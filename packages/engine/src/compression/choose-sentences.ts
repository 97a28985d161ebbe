import type { Specific } from '@arawn/core/summary'
import type { TokenCounter } from '@arawn/core/token-counter'
import { isSalient } from '../ledger.js'
import type { Candidate } from './candidate.js'
import { renderSections, type SectionName, sectionNames } from './sections.js'
import { textRank, wordsOf } from './text-rank.js'

/** The sentences that tell most, in the order in which they were said, in at most so many tokens together. */
export async function chooseSentences(
  candidates: readonly Candidate[],
  ledger: readonly Specific[],
  maxTokens: number,
  counter: TokenCounter,
): Promise<Map<SectionName, string[]>> {
  const able = heaviest(withoutRepeats(candidates), MAX_RANKED)
  const salient = ledger.filter(isSalient).slice(0, MAX_SALIENT)
  const telling = new Set(salient.map(({ text }) => text))
  const weights = able.map(({ text, weight }) => weight * (1 + Math.min(4, specificsIn(text, telling)) * 0.25))
  const ranks = textRank(
    able.map(({ text }) => text),
    weights,
  )
  // How much each deserves by itself counts beside what the others make of it.
  const order = able
    .map((candidate, place) => ({ candidate, place, score: (ranks[place] ?? 0) * Math.sqrt(weights[place] ?? 0) }))
    .sort((a, b) => b.score - a.score || a.place - b.place)
    // A sentence takes some tokens, so that more of them can never be needed.
    .slice(0, Math.max(1, Math.ceil(maxTokens / 2)))
  const costs = await counter.count(order.map(({ candidate }) => `\n- ${candidate.text}`))
  let room = maxTokens
  const used = new Map<SectionName, number>()
  const chosen: typeof order = []
  const words: Set<string>[] = []
  for (const [index, entry] of order.entries()) {
    const { section, text } = entry.candidate
    const cost = (costs[index] ?? 0) + (used.has(section) ? 0 : HEADING_TOKENS)
    const spent = used.get(section) ?? 0
    if (cost > room || (spent > 0 && spent + cost > maxTokens * SECTION_SHARE[section])) continue
    const own = wordsOf(text)
    if (words.some((other) => isMostly(own, other))) continue
    words.push(own)
    chosen.push(entry)
    room -= cost
    used.set(section, spent + cost)
  }
  return fitted(chosen, maxTokens, counter)
}

const MAX_RANKED = 2_000
const MAX_SALIENT = 2_000
const HEADING_TOKENS = 5
/** No part takes all the room. */
const SECTION_SHARE: Record<SectionName, number> = {
  objective: 0.35,
  decisions: 0.35,
  done: 0.45,
  in_progress: 0.2,
  blocked: 0.2,
  open_questions: 0.15,
  next_step: 0.25,
}

interface Ranked {
  readonly candidate: Candidate
  readonly place: number
}

/** Drops the last ones until the whole fits, headings included. */
async function fitted(
  chosen: readonly Ranked[],
  maxTokens: number,
  counter: TokenCounter,
): Promise<Map<SectionName, string[]>> {
  for (let keep = chosen.length; keep > 0; ) {
    const kept = chosen.slice(0, keep).sort((a, b) => a.place - b.place)
    const sections = new Map<SectionName, string[]>()
    for (const name of sectionNames) {
      const lines = kept.filter(({ candidate }) => candidate.section === name).map(({ candidate }) => candidate.text)
      if (lines.length > 0) sections.set(name, lines)
    }
    const [tokens = 0] = await counter.count([renderSections(sections)])
    if (tokens <= maxTokens) return sections
    keep = Math.min(keep - 1, Math.floor((keep * maxTokens) / tokens))
  }
  return new Map()
}

/** Of equal sentences the first one, with the weight of the heaviest. */
function withoutRepeats(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map<string, Candidate>()
  for (const candidate of candidates) {
    const key = candidate.text.toLowerCase()
    const before = seen.get(key)
    if (before === undefined) seen.set(key, candidate)
    else if (candidate.weight > before.weight) seen.set(key, { ...before, weight: candidate.weight })
  }
  return [...seen.values()]
}

/** The heaviest ones, in their order. */
function heaviest(candidates: readonly Candidate[], limit: number): readonly Candidate[] {
  if (candidates.length <= limit) return candidates
  const kept = candidates
    .map((candidate, place) => ({ candidate, place }))
    .sort((a, b) => b.candidate.weight - a.candidate.weight || b.place - a.place)
    .slice(0, limit)
  return kept.sort((a, b) => a.place - b.place).map(({ candidate }) => candidate)
}

function specificsIn(text: string, telling: ReadonlySet<string>): number {
  return text.split(/[\s`"'(),;]+/).filter((word) => telling.has(word.replace(/[.:!?]+$/, ''))).length
}

function isMostly(words: ReadonlySet<string>, of: ReadonlySet<string>): boolean {
  if (words.size < 4) return false
  let shared = 0
  for (const word of words) if (of.has(word)) shared++
  return shared / words.size > 0.8
}
