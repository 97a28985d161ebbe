/** The sentences that may become part of an extracted summary, each with where it belongs and what it weighs. */

import type { SourceMessage } from './scan-message.js'
import { readSections, type SectionName } from './sections.js'
import { sentencesOf } from './sentences.js'
import { errorIn, saysDecision, shortened } from './telling-lines.js'

export interface Candidate {
  /** As it stands in a message. */
  readonly text: string
  readonly section: SectionName
  readonly weight: number
}

/** In the order in which they were said. */
export function candidatesOf(messages: readonly SourceMessage[]): Candidate[] {
  const candidates: Candidate[] = []
  const lastUser = messages.findLastIndex(({ role }) => role === 'user')
  const finals = finalAnswers(messages)
  let users = 0
  let user = -1
  messages.forEach((message, index) => {
    const isLast = index > lastUser
    if (message.role === 'user') {
      user = index
      const isFirst = users++ === 0
      const isOpen = index === lastUser && finals.get(index) === undefined
      for (const [place, text] of proseOf(message.content).entries()) {
        const section = saysDecision(text) ? 'decisions' : isOpen ? 'next_step' : 'objective'
        // Of a long request the beginning says most.
        const weight = (isFirst ? 6 : isOpen ? 5 : 3.5) / (1 + place / 2)
        candidates.push({ text, section, weight })
      }
    } else if (message.role === 'assistant' || message.role === 'agent_push') {
      const isFinal = finals.get(user) === index || message.role === 'agent_push'
      const lines = proseOf(message.content)
      for (const [place, text] of lines.entries()) {
        const section = sectionOf(text, isLast, isFinal)
        const weight =
          (isFinal ? 2.5 : 0.8) *
          (isLast ? 1.6 : 1) *
          SECTION_WEIGHT[section] *
          edge(place, lines.length) *
          plain(text, isLast)
        candidates.push({ text, section, weight })
      }
    } else if (message.role === 'tool_result')
      for (const text of errorLines(message.content))
        candidates.push({ text, section: 'blocked', weight: isLast ? 1 : 0.3 })
  })
  return candidates
}

/** The same of summaries, oldest first: where work stood once, and what came next then, is over. */
export function candidatesOfSummaries(summaries: readonly string[]): Candidate[] {
  return summaries.flatMap((summary, index) => {
    const isLast = index === summaries.length - 1
    return [...readSections(summary)].flatMap(([section, lines]) => {
      if (!isLast && PASSING.has(section)) return []
      return lines.map((text, place) => ({ text, section, weight: (3 * SECTION_WEIGHT[section]) / (1 + place / 10) }))
    })
  })
}

const PASSING: ReadonlySet<SectionName> = new Set(['in_progress', 'next_step', 'blocked'])

const SECTION_WEIGHT: Record<SectionName, number> = {
  objective: 1.5,
  decisions: 2,
  done: 1,
  in_progress: 1,
  blocked: 1.2,
  open_questions: 1.2,
  next_step: 1.5,
}

/** Of each turn the last words that the assistant said, by the place of the user's message. */
function finalAnswers(messages: readonly SourceMessage[]): Map<number, number> {
  const finals = new Map<number, number>()
  let user = -1
  messages.forEach(({ role, content }, index) => {
    if (role === 'user') user = index
    else if (role === 'assistant' && content.trim() !== '') finals.set(user, index)
  })
  return finals
}

function sectionOf(text: string, isLast: boolean, isFinal: boolean): SectionName {
  if (saysDecision(text)) return 'decisions'
  if (isLast && /[?？]["')\s]*$/.test(text)) return 'open_questions'
  if (isLast && NEXT.test(text)) return 'next_step'
  if (isLast && BLOCKED.test(text)) return 'blocked'
  if (isLast && !isFinal) return 'in_progress'
  return 'done'
}

const NEXT =
  /\b(?:next|todo|to do|remaining|still (?:need|have) to|follow[- ]up|nächste|noch zu|prochain|il reste|siguiente|próximo|falta|prossim\w)(?![\p{L}])|下一步|接下来|次は|残り|다음|следующ|осталось/iu
const BLOCKED =
  /\b(?:blocked|cannot|can['’]t|unable|fails?|failing|failed|broken|waiting for|blockiert|schlägt fehl|bloqué|échoue|bloquead\w|falla|fallisce)(?![\p{L}])|无法|失败|失敗|できない|실패|не удалось|не работает/iu

/** First and last sentences say more than those between. */
function edge(place: number, of: number): number {
  return place === 0 || place === of - 1 ? 1.2 : 1
}

/** What somebody is about to do says little once it is done. */
function plain(text: string, isLast: boolean): number {
  return !isLast && ABOUT_TO.test(text) ? 0.3 : 1
}
const ABOUT_TO =
  /^(?:(?:Now|Good|Great|OK|Okay|Perfect|Next|First|Then)[,.!:—–-]* )?(?:let me|let['’]s|I['’]ll|I will|I['’]m going to|I need to|still \w+ing|ich werde|lass mich|je vais|voy a|vou )/i

/** Sentences outside code, tables and headings, without the marks of lists. */
function proseOf(content: string): string[] {
  const sentences: string[] = []
  let inFence = false
  for (const raw of content.slice(0, MAX_PROSE).split('\n')) {
    if (/^\s*(?:```|~~~)/.test(raw)) inFence = !inFence
    else if (!inFence && !NO_PROSE.test(raw)) {
      const line = raw.replace(/^\s*(?:>\s*)*(?:[-*•]|\d{1,3}[.)])?\s+(?:\[[ x]\]\s+)?/, '').trim()
      for (const sentence of line.length > 50 ? sentencesOf(line) : [line])
        if (SAYS_SOMETHING.test(sentence) && !(sentence.endsWith(':') && sentence.length < 60))
          sentences.push(shortened(sentence, MAX_SENTENCE))
    }
    if (sentences.length >= MAX_PER_MESSAGE) break
  }
  return sentences
}

// Two words, or some letters of a script without blanks.
const SAYS_SOMETHING = /[\p{L}\p{N}][^\p{L}\p{N}]+\p{L}|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{3}/u
const MAX_PROSE = 40_000
const MAX_SENTENCE = 400
const MAX_PER_MESSAGE = 200
// Tables, headings, rules, XML of programs, stack traces.
const NO_PROSE = /^\s*(?:$|\[[^\]]{1,80}\]\s*$|\||#{1,6}\s|[-=_*]{3,}\s*$|<\/?[\w-]+>|at \S+ \()/

function errorLines(content: string): string[] {
  if (content.length > MAX_RESULT) return errorLines(content.slice(0, MAX_RESULT))
  const lines: string[] = []
  for (const line of content.split('\n')) {
    const error = errorIn(line)
    if (error !== undefined) lines.push(error)
    if (lines.length === 3) break
  }
  return lines
}

const MAX_RESULT = 20_000
