// Dialogues of LoCoMo (https://github.com/snap-research/locomo, CC BY-NC 4.0), read in place: ARAWN_TEST_DATA/locomo.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
// Turns have no times of their own. So far apart, a session of theirs is one of ours.
const TURN_MS = 20_000

export const NO_DIALOGUES = [
  { name: 'skipped: ARAWN_TEST_DATA has no locomo/*.json', how: 'dialogues with questions are needed' },
]

/**
 * @param scale below 1: of each dialogue only so many of 200 questions
 * @returns dialogues of messages in order, and questions whose evidence is named by sequences, from 1
 */
export function readLocomo(scale = 1) {
  const folder = join(process.env.ARAWN_TEST_DATA ?? '', 'locomo')
  if (process.env.ARAWN_TEST_DATA === undefined || !existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readDialogue(name.replace('.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8')), scale))
}

function readDialogue(name, file, scale) {
  const sessions = Object.keys(file)
    .filter((key) => /^session_\d+$/.test(key) && Array.isArray(file[key]) && file[key].length > 0)
    .sort((a, b) => Number(a.slice(8)) - Number(b.slice(8)))
  const messages = sessions.flatMap((key) => {
    const startMs = sessionTime(file[`${key}_date_time`])
    return file[key].map((turn, index) => ({
      key: turn.dia_id,
      role: turn.speaker === file.speaker_a ? 'user' : 'assistant',
      author: turn.speaker,
      content: textOf(turn),
      timestamp: new Date(startMs + index * TURN_MS).toISOString(),
    }))
  })
  const sequences = new Map(messages.map(({ key }, index) => [placeOf(key), index + 1]))
  const questions = file.qa
    .map(({ question, category, evidence, answer = '' }) => ({
      question,
      category,
      answer: String(answer),
      evidence: evidenceOf(evidence, sequences),
    }))
    .filter(({ evidence }) => evidence.length > 0)
  return { name, messages, questions: scale < 1 ? questions.slice(0, Math.ceil(200 * scale)) : questions }
}

/** A picture is what it shows. */
function textOf({ text = '', blip_caption: caption }) {
  return caption === undefined ? text : `${text} [shares ${caption}]`
}

/** `1:56 pm on 8 May, 2023`; taken for UTC. */
function sessionTime(text) {
  const [, hour, minute, half, day, month, year] = /(\d+):(\d+) (am|pm) on (\d+) (\w+), (\d+)/.exec(text)
  const hours = (Number(hour) % 12) + (half === 'pm' ? 12 : 0)
  return Date.UTC(Number(year), MONTHS.indexOf(month.toLowerCase()), Number(day), hours, Number(minute))
}

/** Evidence is written in several ways, sometimes of turns that are not there. */
function evidenceOf(evidence, sequences) {
  const places = [
    ...[evidence]
      .flat()
      .join(';')
      .matchAll(/D:?(\d+):(\d+)/g),
  ].map(([place]) => placeOf(place))
  return [...new Set(places)].map((place) => sequences.get(place)).filter((sequence) => sequence !== undefined)
}

function placeOf(id) {
  const [, session, turn] = /D:?(\d+):(\d+)/.exec(id)
  return `${Number(session)}:${Number(turn)}`
}
