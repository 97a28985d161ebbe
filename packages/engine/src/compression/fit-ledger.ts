import type { Specific } from '@arawn/core/summary'
import type { TokenCounter } from '@arawn/core/token-counter'
import { renderLedger } from '../render-ledger.js'
import { createTextFinder } from './text-finder.js'

/**
 * The first entries that fit beside the words of a summary, and those that the words say already: these take no room.
 *
 * @param ranked the most telling first
 * @param maxTokens for words and ledger together
 */
export async function fitLedger(
  ranked: readonly Specific[],
  summary: string,
  maxTokens: number,
  counter: TokenCounter,
): Promise<readonly Specific[]> {
  const isSaid = createTextFinder(summary)
  // An entry takes a token at least, so that more candidates than that can never be needed.
  const candidates = ranked.filter(({ text }) => !isSaid(text)).slice(0, Math.max(0, maxTokens) * 2)
  const costs = await counter.count(candidates.map(({ text }) => ` ${text}`))
  const [used = 0] = await counter.count([summary])
  let room = maxTokens - used - HEADINGS_TOKENS
  let chosen = candidates.filter((specific, index) => {
    const cost = Math.max(1, (costs[index] ?? 0) + (IN_A_ROW.has(specific.class) ? 0 : LINE_TOKENS))
    if (cost > room) return false
    room -= cost
    return true
  })
  // Texts count a little more or less together than one by one: only the whole is sure.
  while (chosen.length > 0) {
    const [whole = 0] = await counter.count([`${summary}\n\n${renderLedger(chosen)}`])
    if (whole <= maxTokens) break
    chosen = chosen.slice(0, Math.floor(Math.min(chosen.length - 1, (chosen.length * maxTokens) / whole)))
  }
  const kept = new Set(chosen)
  return ranked.filter((specific) => kept.has(specific) || isSaid(specific.text))
}

const HEADINGS_TOKENS = 30
const LINE_TOKENS = 2
const IN_A_ROW: ReadonlySet<string> = new Set(['path', 'url', 'identifier'])

/** What the whole ledger would take. */
export async function ledgerTokens(ledger: readonly Specific[], counter: TokenCounter): Promise<number> {
  const [tokens = 0] = await counter.count([renderLedger(ledger)])
  return tokens
}
