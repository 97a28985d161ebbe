import type { CountText, SizedMessage } from '../context.js'
import { labels, nameText } from './labels.js'
import { toolNameOf } from './tool-name.js'

/** A message as it is echoed. */
export interface EchoLine {
  readonly message: SizedMessage
  readonly text: string
  readonly tokens: number
}

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
  readonly #lines = new Map<number, EchoLine>()
  readonly #days = new Map<string, number>()
  #tokens = 0

  constructor(count: CountText) {
    this.#count = count
  }

  /** Of all lines, dates and gaps; rather too many than too few. */
  get tokens(): number {
    return this.#tokens
  }

  has(sequence: number): boolean {
    return this.#lines.has(sequence)
  }

  /** What a message would add, in tokens. */
  costOf({ message, text, tokens }: EchoLine): number {
    const { sequence, timestamp } = message
    const day = dayOf(timestamp)
    const date = day === undefined || this.#days.has(day) ? 0 : this.#line(labels.echoDay(day))
    const neighbours = Number(this.has(sequence - 1)) + Number(this.has(sequence + 1))
    const gap = (1 - neighbours) * this.#line(GAP)
    const indents = text.split(LINE_END).length - 1
    return this.#line(`${speakerOf(message)}:`) + tokens + indents + date + gap
  }

  add(line: EchoLine): void {
    this.#tokens += this.costOf(line)
    this.#lines.set(line.message.sequence, line)
    const day = dayOf(line.message.timestamp)
    if (day !== undefined) this.#days.set(day, (this.#days.get(day) ?? 0) + 1)
  }

  /** Ascending. */
  sequences(): number[] {
    return [...this.#lines.keys()].sort((a, b) => a - b)
  }

  text(): string {
    const written: string[] = []
    let [day, before]: [string | undefined, number] = [undefined, 0]
    for (const sequence of this.sequences()) {
      const { message, text } = this.#lines.get(sequence) as EchoLine
      const its = dayOf(message.timestamp)
      if (its !== undefined && its !== day) written.push(labels.echoDay(its))
      else if (sequence !== before + 1) written.push(GAP)
      written.push(`${speakerOf(message)}: ${text.replace(LINE_ENDS, '\n  ')}`)
      day = its ?? day
      before = sequence
    }
    return written.join('\n')
  }

  #line(text: string): number {
    return this.#count(text) + LINE_TOKENS
  }
}

const GAP = '…'
const LINE_TOKENS = 1

// Everything that a reader may take for the end of a line.
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/
const LINE_ENDS = new RegExp(LINE_END, 'g')

/** `2026-01-15`, in UTC. */
function dayOf(timestamp: string): string | undefined {
  const time = Date.parse(timestamp)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10)
}

function speakerOf(message: SizedMessage): string {
  const { role, author } = message
  const name = nameText(author)?.replaceAll(':', ' ')
  // Nobody else speaks in the name of one of these.
  if (name !== undefined) return Object.values(speakers).includes(name.toLowerCase()) ? JSON.stringify(name) : name
  if (role === 'tool_use') return `call of ${toolNameOf(message)}`
  return role === 'tool_result' ? `result of ${toolNameOf(message)}` : speakers[role]
}

const speakers = { user: 'user', assistant: 'you', system: 'system', agent_push: 'agent' }
