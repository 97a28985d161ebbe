/**
 * The ledger: specifics that a summary in words easily loses and that somebody will ask for, taken from the messages
 * by code. It stands beside the words of a summary, and a summary is measured by it (retention.ts).
 */

import { type Specific, type SpecificClass, specificClassSchema } from '@arawn/core/summary'
import { createMessageScanner, type SourceMessage } from './compression/scan-message.js'

/** A message as far as summaries need it. */
export type { SourceMessage } from './compression/scan-message.js'

/**
 * All specifics of the messages, each once, the most telling first: those in decisions and errors, those that recur.
 *
 * Any text will do, and time grows with its length only. A single message adds at most 5,000.
 */
export function takeLedger(messages: Iterable<SourceMessage>): Specific[] {
  const all: Entry[] = []
  // By class and text: a key made of both would be a new string for each word of the history.
  const known = new Map<SpecificClass, Map<string, Entry>>(specificClassSchema.options.map((kind) => [kind, new Map()]))
  const scanner = createMessageScanner()
  for (const { sequence, ...message } of messages) {
    let added = 0
    scanner.scan(message, (kind, text, stressed) => {
      const ofKind = known.get(kind)
      let entry = ofKind?.get(text)
      if (entry === undefined) {
        const line = text.replace(/\s+/g, ' ').trim()
        entry = ofKind?.get(line)
        if (entry === undefined) {
          if (line === '' || line.length > MAX_TEXT || added++ >= MAX_PER_MESSAGE) return
          entry = { class: kind, text: line, sequence, mentions: 0, stressed, last: 0 }
          all.push(entry)
          ofKind?.set(line, entry)
        }
      }
      if (entry.last !== sequence) entry.mentions++
      entry.last = sequence
      entry.stressed ||= stressed
    })
  }
  return ranked(all.map(({ last, stressed, ...entry }) => ({ ...entry, ...(stressed && { stressed }) })))
}

interface Entry extends Omit<Specific, 'stressed'> {
  class: SpecificClass
  text: string
  sequence: number
  mentions: number
  stressed: boolean
  /** The message that mentioned it last. */
  last: number
}

const MAX_TEXT = 500
const MAX_PER_MESSAGE = 5_000

/** One ledger of several that are of different messages. */
export function mergeLedgers(ledgers: Iterable<readonly Specific[]>): Specific[] {
  const entries = new Map<string, Specific>()
  for (const ledger of ledgers)
    for (const specific of ledger) {
      const key = `${specific.class} ${specific.text}`
      const before = entries.get(key)
      if (before === undefined) entries.set(key, specific)
      else
        entries.set(key, {
          ...before,
          sequence: Math.min(before.sequence, specific.sequence),
          mentions: before.mentions + specific.mentions,
          ...((before.stressed || specific.stressed) && { stressed: true }),
        })
    }
  return ranked([...entries.values()])
}

/** It recurs, or stands in a decision or in an error. */
export function isSalient({ mentions, stressed }: Specific): boolean {
  return mentions > 1 || stressed === true
}

function ranked(ledger: Specific[]): Specific[] {
  const weight = (specific: Specific) =>
    CLASS_WEIGHT[specific.class] * (Math.log2(1 + specific.mentions) + (specific.stressed === true ? 2 : 0))
  const weights = new Map(ledger.map((specific) => [specific, weight(specific)]))
  return ledger.sort(
    (a, b) =>
      Number(isSalient(b)) - Number(isSalient(a)) ||
      (weights.get(b) ?? 0) - (weights.get(a) ?? 0) ||
      a.sequence - b.sequence ||
      (a.text < b.text ? -1 : 1),
  )
}

/** What people ask for by name weighs more than what code is full of. */
const CLASS_WEIGHT: Record<SpecificClass, number> = {
  decision: 2,
  error: 1.6,
  url: 1.4,
  path: 1.4,
  command: 1.4,
  date: 1.3,
  name: 1.3,
  number: 1,
  identifier: 1,
}
