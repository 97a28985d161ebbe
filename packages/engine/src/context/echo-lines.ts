import type { Message } from '@arawn/core/message'
import type { CountText } from '../context.js'
import { labels, nameText } from './labels.js'
import { toolNameOf } from './tool-name.js'

/**
 * Messages as lines, one after the other, as people write down who said what:
 *
 *     [2026-01-15]
 *     user: Which port does the proxy use?
 *     you: 8443.
 *     …
 *     Ada: It is
 *       two lines long.
 *
 * A date stands where a day begins, `…` where messages are missing. Lines behind the first one of a message are indented,
 * so that nothing in it can be taken for somebody else.
 */
export class EchoLines {
  readonly #count: CountText
  /** In the order of the log. */
  readonly #lines: EchoLine[] = []
  #tokens = 0

  constructor(count: CountText) {
    this.#count = count
  }

  /** Of all lines, dates and marks. */
  get tokens(): number {
    return this.#tokens
  }

  get sequences(): number[] {
    return this.#lines.map(({ sequence }) => sequence)
  }

  has(sequence: number): boolean {
    return this.#lines[this.#placeOf(sequence)]?.sequence === sequence
  }

  /** @returns false when there would be more than `limit` tokens: nothing was added */
  add(message: Message, text: string, limit: number): boolean {
    const place = this.#placeOf(message.sequence)
    const [before, behind] = [this.#lines[place - 1], this.#lines[place]]
    const line = echoLine(message, text)
    const marks = this.#mark(before, line) + this.#mark(line, behind) - this.#mark(before, behind)
    const tokens = this.#tokens + this.#count(line.text) + marks
    if (tokens > limit) return false
    this.#lines.splice(place, 0, line)
    this.#tokens = tokens
    return true
  }

  text(): string {
    return this.#lines.map((line, place) => `${markBetween(this.#lines[place - 1], line)}${line.text}`).join('')
  }

  #mark(before: EchoLine | undefined, line: EchoLine | undefined): number {
    const mark = line === undefined ? '' : markBetween(before, line)
    return mark === '' ? 0 : this.#count(mark)
  }

  /** Where a message stands, or would. */
  #placeOf(sequence: number): number {
    let [low, high] = [0, this.#lines.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#lines[middle] as EchoLine).sequence < sequence) low = middle + 1
      else high = middle
    }
    return low
  }
}

interface EchoLine {
  readonly sequence: number
  readonly day: string | undefined
  /** With its line end. */
  readonly text: string
}

/** A message, when this text of it is shown. */
export function echoLine(message: Message, text: string): EchoLine {
  const { sequence, timestamp } = message
  const shown = `${speakerOf(message)}: ${text.replace(LINE_ENDS, '\n  ')}\n`
  return { sequence, day: dayOf(timestamp), text: shown }
}

function markBetween(before: EchoLine | undefined, line: EchoLine): string {
  if (line.day !== undefined && line.day !== before?.day) return `${labels.echoDay(line.day)}\n`
  return line.sequence === (before?.sequence ?? 0) + 1 ? '' : '…\n'
}

// Everything that a reader may take for the end of a line.
const LINE_ENDS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g

/** `2026-01-15`, in UTC. */
function dayOf(timestamp: string): string | undefined {
  if (timestamp.endsWith('Z') && /^\d{4}-\d\d-\d\dT/.test(timestamp)) return timestamp.slice(0, 10)
  const time = Date.parse(timestamp)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10)
}

function speakerOf(message: Message): string {
  const { role, author } = message
  const name = nameText(author)?.replaceAll(':', ' ')
  // Nobody else speaks in the name of one of these.
  if (name !== undefined) return Object.values(speakers).includes(name.toLowerCase()) ? JSON.stringify(name) : name
  if (role === 'tool_use') return `call of ${toolNameOf(message)}`
  return role === 'tool_result' ? `result of ${toolNameOf(message)}` : speakers[role]
}

const speakers = { user: 'user', assistant: 'you', system: 'system', agent_push: 'agent' }
