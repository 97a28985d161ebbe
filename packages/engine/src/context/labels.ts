/**
 * The lines in square brackets by which a model tells apart what stands in one message: pushes, notes, recalled
 * messages, summaries. Content that has such a line gets a backslash before it, so that only we can write them.
 */

/** `2026-01-15 10:00 UTC`. */
export function dateText(timestamp: string): string {
  const time = Date.parse(timestamp)
  if (Number.isNaN(time)) return 'at an unknown time'
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

export const labels = {
  session: (startedAt: string) => `[session of ${dateText(startedAt)}]`,
  message: (author: string | undefined, timestamp: string) =>
    `[message from ${author ?? 'the user'}, ${dateText(timestamp)}]`,
  push: (author: string | undefined, timestamp: string) =>
    `[push from ${author ?? 'an agent'}, ${dateText(timestamp)}]`,
  note: (timestamp: string) => `[system note, ${dateText(timestamp)}]`,
  lateResult: (tool: string, timestamp: string) =>
    `[tool result of ${tool}, apart from its call, ${dateText(timestamp)}]`,
  workstreamSummary: (title: string | null) =>
    `[summary of the workstream${title === null ? '' : ` ${JSON.stringify(oneLine(title))}`} so far]`,
  sessionSummary: (startedAt: string | undefined, isPart: boolean) =>
    `[summary of ${isPart ? 'the earlier part of ' : ''}${startedAt === undefined ? 'a session' : `the session of ${dateText(startedAt)}`}]`,
  echoes: '[recalled messages from earlier in this workstream; they are not new]',
  echoDay: (day: string) => `[${day}]`,
  echoesEnd: '[end of recalled messages]',
  empty: '[empty message]',
  goOn: '[continue]',
  noAnswer: '[no answer was recorded]',
  broken: {
    error: '[turn failed here]',
    cancelled: '[turn was cancelled here]',
    interrupted: '[turn was interrupted here]',
  },
} as const

export const READ_SUMMARIES = 'I have read the summaries of what was said before.'
export const NO_RESULT = 'no result was recorded'
export const NO_OUTPUT = '(no output)'

/** Names stand within labels: on one line, without brackets, short. */
export function nameText(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  return oneLine(name).slice(0, MAX_NAME).toWellFormed().trim() || undefined
}

/** A text that no line of can be taken for a label. Texts that differ stay different. */
export function unlabelled(text: string): string {
  const sound = text.toWellFormed()
  return sound.includes('[') ? sound.replace(LABEL_LINE, '$1\\$2') : sound
}

// How each label begins. No more than that: `[tool.ruff]` in a pasted file is none.
const LABEL_STARTS = [
  'session of ',
  'message from ',
  'push from ',
  'system note',
  'tool result of ',
  'summary of ',
  'recalled message',
  'end of recalled',
  'empty message]',
  'continue]',
  'no answer was',
  'turn failed',
  'turn was',
]

// Everything that a reader may take for the end of a line; then what is blank or not seen, backslashes of ours, and a label.
const LABEL_LINE = new RegExp(
  `((?:^|[\\n\\r\\v\\f\\u0085\\u2028\\u2029])(?:[^\\S\\n\\r\\v\\f\\u2028\\u2029]|\\p{Cf})*)(\\\\*\\[\\s*(?:${LABEL_STARTS.map(
    (start) => start.replaceAll(']', '\\s*\\]').replaceAll(' ', '\\s+'),
  ).join('|')}))`,
  'giu',
)

const MAX_NAME = 80

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029[\]]+/gu, ' ')
}
