/** Takes the specifics out of one message. Time and memory grow with its length, whatever it holds. */

import type { Message } from '@arawn/core/message'
import type { SpecificClass } from '@arawn/core/summary'
import { commandsIn, looksLikeCommand } from './commands.js'
import { labelledNameIn, namesIn } from './names.js'
import { dateAt, eastAsianDatesIn, isMonth, isUnit } from './quantities.js'
import { scanWords } from './scan-words.js'
import { sentencesOf } from './sentences.js'
import { errorIn, saysDecision, shortened } from './telling-lines.js'
import { type KnownWord, kindOfWord, MAX_WORD } from './word-kinds.js'

export type SourceMessage = Pick<Message, 'sequence' | 'role' | 'content' | 'metadata'>

/** `stressed`: it stands in a decision or in an error. */
export type Found = (kind: SpecificClass, text: string, stressed: boolean) => void

export interface MessageScanner {
  scan(message: Omit<SourceMessage, 'sequence'>, found: Found): void
}

/** Remembers words between messages: the same ones come again and again. */
export function createMessageScanner(): MessageScanner {
  const known = new Map<string, KnownWord | undefined>()
  const kindOf = (word: string) => {
    const before = known.get(word)
    if (before !== undefined || known.has(word)) return before
    if (known.size >= MAX_KNOWN) known.clear()
    const kind = kindOfWord(word)
    known.set(word, kind)
    return kind
  }
  return {
    scan({ role, content, metadata }, found) {
      if (role === 'tool_use' && metadata?.arguments !== undefined) {
        // Its content says the same again, as JSON.
        scanArguments(metadata.arguments, '', found, kindOf)
        return
      }
      const isProse = role === 'user' || role === 'assistant' || role === 'agent_push' || role === 'system'
      if (metadata?.is_error === true) {
        const line = shortened(firstTellingLine(content), 160)
        if (line.length > 2) found('error', line, true)
      }
      // What the user answered when a tool asked is the user's word.
      if (role === 'tool_result' && ASKS_USER.test(String(metadata?.tool_name ?? '')) && content.length > 2)
        found('decision', shortened(content.replace(/\s+/g, ' '), 400), true)
      scanText(content, isProse, found, kindOf)
    },
  }
}

/** `Exit code 1` says less than the line behind it. */
function firstTellingLine(content: string): string {
  const lines = withoutEscapes(content.slice(0, 2_000)).trim().split('\n')
  const line = /^exit (?:code|status)/i.test(lines[0] ?? '')
    ? (lines.slice(1).find((other) => other.trim() !== '') ?? lines[0])
    : lines[0]
  return line?.replace(/<\/?[\w-]+>/g, '') ?? ''
}

const ASKS_USER = /^(?:ask|question|confirm|clarify)(?:_?(?:the_?)?(?:user|human))/i
const MAX_KNOWN = 200_000

type KindOf = (word: string) => KnownWord | undefined

function scanArguments(value: unknown, name: string, found: Found, kindOf: KindOf): void {
  if (typeof value === 'string') {
    if (COMMAND_NAMES.has(name)) for (const command of commandsIn(value)) found('command', command, false)
    scanText(value, false, found, kindOf)
  } else if (Array.isArray(value)) for (const item of value) scanArguments(item, name, found, kindOf)
  else if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value)) scanArguments(item, key, found, kindOf)
}

const COMMAND_NAMES = new Set(['command', 'cmd', 'commands', 'script', 'shell', 'bash'])

function scanText(text: string, isProse: boolean, found: Found, kindOf: KindOf): void {
  const clean = withoutEscapes(text)
  let fence: string | undefined
  for (let from = 0; from < clean.length; ) {
    let to = clean.indexOf('\n', from)
    if (to < 0) to = clean.length
    if (to - from > MAX_LINE) to = cutAfter(clean, from + MAX_LINE)
    const begin = from
    const line = clean.slice(from, to)
    from = clean[to] === '\n' ? to + 1 : to
    if (isProse && line.trimStart().startsWith('```')) {
      fence = fence === undefined ? line.trim().slice(3).trim().toLowerCase() : undefined
      continue
    }
    if (fence !== undefined && SHELLS.has(fence))
      for (const command of commandsIn(line)) found('command', command, false)
    const error = errorIn(line)
    if (error !== undefined) found('error', error, true)
    const name = line.includes(': ') ? labelledNameIn(line) : undefined
    if (name !== undefined) found('name', name, error !== undefined)
    if (isProse && fence === undefined) scanProse(line, error !== undefined, found, kindOf)
    else scanLineWords(clean, begin, to, error !== undefined, found, kindOf)
  }
}

const SHELLS = new Set(['bash', 'sh', 'shell', 'zsh', 'console', 'fish'])
const MAX_LINE = 4_000

/** A line without end is read in pieces, cut at a blank if there is one soon. */
function cutAfter(text: string, at: number): number {
  const blank = text.indexOf(' ', at)
  const newline = text.indexOf('\n', at)
  const end = Math.min(...[blank, newline].filter((place) => place >= 0), at + MAX_WORD, text.length)
  return Math.max(end, at)
}

function scanProse(line: string, isError: boolean, found: Found, kindOf: KindOf): void {
  if (isError || !saysDecision(line.replace(/[?？]/g, ' '))) {
    scanSentence(line, isError, found, kindOf)
    return
  }
  // Of many sentences only those that decide something give weight to what stands in them.
  for (const sentence of sentencesOf(line)) {
    const decides = saysDecision(sentence)
    if (decides && sentence.length > 12) found('decision', shortened(sentence, MAX_DECISION), true)
    scanSentence(sentence, decides, found, kindOf)
  }
}

const MAX_DECISION = 300

function scanSentence(text: string, stressed: boolean, found: Found, kindOf: KindOf): void {
  for (const name of namesIn(text)) found('name', name, stressed)
  for (const date of eastAsianDatesIn(text)) found('date', date, stressed)
  for (const [, quoted = ''] of text.matchAll(/`([^`\n]{2,100})`/g)) {
    if (looksLikeCommand(quoted)) found('command', quoted.replace(/^\$ /, ''), stressed)
    else if (/^[^\s/]*[A-Za-z][^\s/]*$/.test(quoted) && kindOf(quoted) === undefined)
      found('identifier', quoted, stressed)
  }
  scanLineWords(text, 0, text.length, stressed, found, kindOf)
}

function scanLineWords(
  line: string,
  start: number,
  end: number,
  stressed: boolean,
  found: Found,
  kindOf: KindOf,
): void {
  let before = ''
  let beforeFrom = 0
  let beforeTo = -2
  scanWords(line, start, end, (word, from, to) => {
    if (from - beforeTo === 1) {
      if (startsWithDigit(before)) {
        const unit = withoutMarks(word)
        if (IS_NUMBER.test(before) && isUnit(unit)) found('number', line.slice(beforeFrom, from) + unit, stressed)
        else if (isMonth(unit) || unit === 'de') foundDate(line, beforeFrom, found, stressed)
      } else if (startsWithDigit(word) && isMonth(withoutMarks(before))) foundDate(line, beforeFrom, found, stressed)
    }
    const kind = kindOf(word)
    if (kind !== undefined) found(kind.class, kind.text, stressed)
    before = word
    beforeFrom = from
    beforeTo = to
  })
}

const IS_NUMBER = /^\d[\d.,]*$/

function startsWithDigit(word: string): boolean {
  const code = word.charCodeAt(0)
  return code >= 0x30 && code <= 0x39
}

function foundDate(line: string, at: number, found: Found, stressed: boolean): void {
  const date = dateAt(line, at)
  if (date !== undefined) found('date', date, stressed)
}

function withoutMarks(word: string): string {
  return word.replace(/[.,:;!?*]{1,3}$/, '')
}

/** Colours and moves of a terminal. */
function withoutEscapes(text: string): string {
  return text.includes('\u001b[') ? text.replace(ESCAPES, '') : text
}
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]{0,20}[A-Za-z]`, 'g')
