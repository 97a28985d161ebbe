import { instantOf } from '../instant.js'
import type { JsonLine } from '../json-lines.js'
import { isJsonObject, type Json, type JsonObject, stringOf } from '../json-value.js'
import { textHash } from '../text-hash.js'
import { resultText } from './block-text.js'

/**
 * What the user typed while the model was working.
 *
 * It waits in a queue, of which the transcript keeps an account: `queue-operation` lines, without uuid. Words leave the
 * queue in one of these ways, and only some of them leave a line of their own:
 *
 *                ┌── dequeue ─────────────────────→ a user line follows; or the turn was interrupted, and none does
 *                ├── (nothing, in some versions) ─→ a user line, alone or with others, one under the other
 *     enqueue ──→┤
 *                ├── remove ──────────────────────→ the running turn took them in; newer versions write an attachment
 *                │                                  of type queued_command, others no other line
 *                ├── remove, for another reason ──→ taken back
 *                └── popAll ──────────────────────→ back in the editor
 *
 * A remove is the only trace of words that the running turn took in. They become a message when the model has answered:
 * at its first line later than the remove. Until then a user line or an attachment may still bring them. So a message
 * never depends on what stands further down, and a longer version of the file gives the same messages and then more.
 * What was never answered is not taken in yet.
 *
 * Lines are written late: a tool's result can stand below a remove that came after it, so times decide, not lines.
 * A remove need not name its words. It takes the oldest of the user's; notices of tasks wait until nothing else does.
 */
export interface QueuedWords {
  /** A line of type queue-operation. */
  operation(line: JsonLine): void
  /** What a user line says: what of it was in the queue has arrived. */
  arrived(text: string, timestamp: string | undefined): void
  /** An attachment of type queued_command. False when its words were taken in before. */
  attached(text: string): boolean
  /** The model answered. Gives the words that it had taken in by then. */
  answered(timestamp: string | undefined): TakenWords[]
}

export interface TakenWords {
  readonly key: string
  readonly text: string
  /** When the model got them. */
  readonly timestamp: string | undefined
}

interface Waiting {
  readonly key: string
  readonly text: string
  readonly enqueuedAt: string | undefined
}

interface Left extends Waiting {
  readonly leftAt: string | undefined
}

export function createQueuedWords(): QueuedWords {
  const keys = new Set<string>()
  const removeKeys = new Set<string>()
  const waiting: Waiting[] = []
  const dequeued: Left[] = []
  const taken: Left[] = []
  /** Attached, and their remove is yet to come. */
  const attachedFirst: string[] = []
  /** Became messages, and their attachment may yet come. */
  const given: string[] = []
  // Once a file has shown either, a remove without them is somebody taking words back.
  let namesReasons = false
  let attaches = false

  function enqueue({ number, object }: JsonLine, text: string): void {
    const key = keyOf(object, text, number)
    // A resumed session repeats earlier lines.
    if (keys.has(key)) return
    keys.add(key)
    addTo(waiting, { key, text, enqueuedAt: instantOf(object.timestamp) })
  }

  /** The words that an operation takes: those it names, else the user's oldest, else the oldest notice. */
  function take(name: string | undefined): Waiting | undefined {
    const found =
      name === undefined
        ? (waiting.find(({ text }) => !isNotice(text)) ?? waiting[0])
        : waiting.find(({ text }) => isName(name, text))
    drop(waiting, (words) => words === found)
    return found
  }

  function remove({ number, object }: JsonLine, name: string | undefined): void {
    const reason = stringOf(object.reason)
    const key = keyOf(object, name ?? '', number)
    const isRepeated = removeKeys.has(key)
    removeKeys.add(key)
    if (drop(attachedFirst, (text) => text !== OTHER_FORM && isName(name, text), 1) > 0) return
    const found = take(name)
    if (drop(attachedFirst, (text) => text === OTHER_FORM, 1) > 0) return
    const isTakenIn = reason === undefined ? !namesReasons && !attaches : reason === TAKEN_IN
    if (reason !== undefined) namesReasons = true
    if (!isTakenIn) return
    const leftAt = instantOf(object.timestamp)
    if (found !== undefined) addTo(taken, { ...found, leftAt: leftAt ?? found.enqueuedAt })
    // It names its words, but where they came into the queue cannot be read.
    else if (name !== undefined && !isRepeated) addTo(taken, { key, text: name, enqueuedAt: undefined, leftAt })
  }

  function dequeue({ object }: JsonLine, name: string | undefined): void {
    const found = take(name)
    if (found !== undefined) addTo(dequeued, { ...found, leftAt: instantOf(object.timestamp) })
  }

  function popAll(name: string | undefined): void {
    if (name !== undefined && take(name) !== undefined) return
    drop(waiting, ({ text }) => !isNotice(text))
  }

  return {
    operation: (line) => {
      const { operation, content } = line.object
      const text = content === undefined || content === null ? undefined : wordsOf(content)
      if (operation === 'enqueue' && text !== undefined) enqueue(line, text)
      else if (operation === 'remove') remove(line, text)
      else if (operation === 'popAll') popAll(text)
      else if (operation === 'dequeue') dequeue(line, text)
    },

    arrived: (said, timestamp) => {
      const lists = [dequeued, taken, waiting]
      const whole = lists.find((list) => list.some(({ text }) => text.trim() === said.trim()))
      // Words that were queued twice arrive twice; merged ones all at once.
      const isHere = whole === undefined ? ({ text }: Waiting) => holdsLines(said, text) : firstOf(whole, said)
      const expected = dequeued.some(isHere)
      const early = waiting.filter(isHere)
      const isKnown = expected || early.length > 0 || taken.some(isHere)
      for (const list of lists) drop(list, isHere)
      // The dequeue took these, not those we thought it did.
      if (early.length > 0 && !expected) waiting.unshift(...dequeued.splice(0))
      if (isKnown || isNotice(said) || dequeued.length > 0) return
      // Somebody typed this while nothing ran, and then nothing waits: what we have is of a run that was ended.
      drop(waiting, ({ text, enqueuedAt }) => !isNotice(text) && isBefore(enqueuedAt, timestamp))
    },

    attached: (said) => {
      attaches = true
      const text = said.trim()
      if (drop(given, (words) => words === text, 1) > 0) return false
      const isSame = (words: Waiting) => words.text.trim() === text
      if (drop(taken, isSame, 1) + drop(dequeued, isSame, 1) > 0) return true
      if (drop(waiting, isSame, 1) > 0) addTo(attachedFirst, text)
      // With an image, or with what a placeholder stood for. There is one attachment for each remove.
      else if (drop(taken, isAnyone, 1) === 0) addTo(attachedFirst, OTHER_FORM)
      return true
    },

    answered: (timestamp) => {
      const isBeforeIt = ({ leftAt }: Left) => !isBefore(timestamp, leftAt)
      const inTime = taken.filter(isBeforeIt)
      drop(taken, isBeforeIt)
      drop(dequeued, isBeforeIt)
      const spoken = inTime.filter(({ text }) => isSpeech(text))
      for (const { text } of spoken) addTo(given, text.trim())
      return spoken.map(({ key, text, leftAt }) => ({ key, text, timestamp: leftAt }))
    },
  }
}

/** The text of a prompt; of one without text, what it is: `[image]`. */
export function wordsOf(content: Json): string {
  const texts = Array.isArray(content) ? content.filter((block) => isJsonObject(block) && block.type === 'text') : []
  return resultText(texts.length > 0 ? texts : content)
}

/** Not what a program put into the queue, and not a command. `/etc/hosts is wrong` is no command. */
export function isSpeech(text: string): boolean {
  return text.trim() !== '' && !isNotice(text) && !/^\s*\/[\w:-]+(\s|$)/.test(text)
}

function isNotice(text: string): boolean {
  return /^\s*(<|\[SYSTEM NOTIFICATION|\[Request interrupted)/.test(text)
}

const isAnyone = () => true

/** In `attachedFirst`: words that are queued in another form than they are attached in. */
const OTHER_FORM = ''

const TAKEN_IN = 'absorbed_mid_turn'

/** An operation without a name fits everything. */
function isName(name: string | undefined, text: string): boolean {
  return name === undefined || name.trim() === text.trim()
}

/** What was queued, or several of it, one under the other. */
function holdsLines(said: string, queued: string): boolean {
  return queued.trim() !== '' && `\n${said.trim()}\n`.includes(`\n${queued.trim()}\n`)
}

function keyOf({ timestamp }: JsonObject, text: string, line: number): string {
  return `queued:${instantOf(timestamp) ?? line}:${textHash(text)}`
}

function isBefore(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && Date.parse(a) < Date.parse(b)
}

function firstOf(list: readonly Waiting[], said: string): (words: Waiting) => boolean {
  const first = list.find(({ text }) => text.trim() === said.trim())
  return (words) => words === first
}

// Nobody has so many words wait. A file that never settles them would take its length squared.
const MAX_LENGTH = 100

function addTo<T>(list: T[], item: T): void {
  list.push(item)
  if (list.length > MAX_LENGTH) list.shift()
}

/** Takes the first `most` that fit out of a list; says how many there were. */
function drop<T>(list: T[], fits: (item: T) => boolean, most = list.length): number {
  let left = most
  const kept = list.filter((item) => left === 0 || !fits(item) || left-- === 0)
  const dropped = list.length - kept.length
  if (dropped > 0) list.splice(0, list.length, ...kept)
  return dropped
}
