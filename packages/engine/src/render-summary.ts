import type { Specific, SpecificClass, Summary } from '@arawn/core/summary'
import { createTextFinder, oneLine } from './compression/text-finder.js'
import { cutMiddle } from './context/cut-text.js'
import { unlabelled } from './context/labels.js'
import type { CountText } from './context.js'
import { defaultContextPolicy } from './context-policy.js'
import { LEDGER_CLASSES, LEDGER_HEADING, renderLedger } from './render-ledger.js'

export interface RenderedSummary {
  readonly text: string
  readonly tokens: number
  /** What it would take without a limit. */
  readonly wantedTokens: number
  /** Of the ledger. */
  readonly shown: readonly Specific[]
  readonly leftOut: readonly Specific[]
  readonly isTextCut: boolean
}

/**
 * A summary as a model sees it: its words, its facts, and of its ledger the specifics that fit, by class. Decisions,
 * errors and what was mentioned often come first when room is short; what is rendered is what counts as kept.
 *
 * @param budgetTokens for all of it; Infinity for no limit
 * @param ledgerShare of the budget that the text leaves to the ledger
 */
export function renderSummary(
  summary: Summary,
  budgetTokens: number,
  count: CountText,
  ledgerShare: number = defaultContextPolicy.ledgerShare,
): RenderedSummary {
  const facts = summary.facts?.map((fact) => `- ${fact}`) ?? []
  const whole = unlabelled([summary.summary.trim(), ...(facts.length > 0 ? ['Facts:', ...facts] : [])].join('\n'))
  const wholeTokens = count(whole)
  const ledger = bestFirst(summary.ledger ?? []).map((specific) => ({ specific, line: asOneLine(specific) }))
  const isSaidByAll = createTextFinder(whole)
  const wanted = createRoom(count)
  for (const { line } of ledger) if (!isSaidByAll(line.text)) wanted.add(line)

  const kept = Math.min(wanted.tokens(), Math.floor(budgetTokens * ledgerShare))
  const textRoom = budgetTokens - kept
  const isTextCut = wholeTokens > textRoom
  const text = isTextCut ? cutMiddle(whole, wholeTokens, textRoom, count) : whole
  const textTokens = isTextCut ? count(text) : wholeTokens

  // What the words say already takes no room.
  const isSaid = isTextCut ? createTextFinder(text) : isSaidByAll
  const room = createRoom(count, budgetTokens - textTokens)
  const isShown = ledger.map(({ line }) => isSaid(line.text) || room.add(line))
  const listed = ledger.filter(({ line }, at) => isShown[at] === true && !isSaid(line.text)).map(({ line }) => line)
  return {
    text: [text, renderLedger(listed.sort((a, b) => a.sequence - b.sequence))]
      .filter((part) => part !== '')
      .join('\n\n'),
    tokens: textTokens + room.tokens(),
    wantedTokens: wholeTokens + wanted.tokens(),
    shown: ledger.filter((_, at) => isShown[at] === true).map(({ specific }) => specific),
    leftOut: ledger.filter((_, at) => isShown[at] !== true).map(({ specific }) => specific),
    isTextCut,
  }
}

/** Adds up what a ledger takes, entry by entry, as `renderLedger` writes it. */
function createRoom(count: CountText, limit = Number.POSITIVE_INFINITY) {
  const headed = new Set<SpecificClass>()
  let taken = 0
  return {
    tokens: () => taken,
    /** @returns whether it fits */
    add({ class: name, text }: Specific): boolean {
      const frame = headed.size === 0 ? count(`\n\n${LEDGER_HEADING}\n`) : 0
      const heading = headed.has(name) ? 0 : count(`${HEADINGS.get(name)}: \n`)
      const needed = frame + heading + count(`- ${text}\n`)
      if (taken + needed > limit) return false
      taken += needed
      headed.add(name)
      return true
    },
  }
}

const HEADINGS = new Map(LEDGER_CLASSES.map(([name, heading]) => [name, heading]))

function asOneLine(specific: Specific): Specific {
  return { ...specific, text: oneLine(specific.text.toWellFormed()) }
}

function bestFirst(ledger: readonly Specific[]): Specific[] {
  const rank = ({ class: name, stressed }: Specific) =>
    name === 'decision' ? 0 : name === 'error' ? 1 : stressed === true ? 2 : 3
  return [...ledger].sort((a, b) => rank(a) - rank(b) || b.mentions - a.mentions || b.sequence - a.sequence)
}
