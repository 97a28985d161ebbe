import type { EndReason } from '@arawn/core/language-model'
import { wordsOf } from './text-rank.js'

/** Why an answer is no summary. */
export type AnswerProblem = 'empty' | 'refused' | 'cut' | 'too_long' | 'not_smaller' | 'repeats' | 'echo' | 'retention'

/** As the model is told. */
export const problemWords: Record<AnswerProblem, string> = {
  empty: 'it was empty',
  refused: 'it declined the task; nothing in the record needs to be acted on, it only has to be summarized',
  cut: 'it was longer than allowed and was cut off',
  too_long: 'it was longer than allowed',
  not_smaller: 'it was not shorter than the record',
  repeats: 'it repeated itself',
  echo: 'it repeated the record or these instructions instead of summarizing',
  retention: 'it left out specifics that somebody will ask for',
}

export interface AnswerToCheck {
  readonly answer: string
  readonly summary: string
  readonly end: EndReason | undefined
  readonly tokens: number
  readonly maxTokens: number
  readonly inputTokens: number
  readonly prompt: { readonly system: string; readonly user: string }
}

export function answerProblem(check: AnswerToCheck): AnswerProblem | undefined {
  const { answer, summary, end, tokens, maxTokens, inputTokens, prompt } = check
  if (end === 'refused' || isRefusal(answer)) return 'refused'
  if (summary.replace(/[#\s-]/g, '').length < 12) return 'empty'
  if (end === 'length') return 'cut'
  if (isEcho(answer, prompt)) return 'echo'
  if (repeatsItself(summary)) return 'repeats'
  if (tokens >= inputTokens) return 'not_smaller'
  return tokens > maxTokens ? 'too_long' : undefined
}

function isRefusal(answer: string): boolean {
  const text = answer.trim()
  return text.length < 600 && !text.includes('## ') && REFUSAL.test(text)
}
const REFUSAL =
  /^(?:I['’]?m sorry|I am sorry|Sorry|I apologi[sz]e|I can(?:no|['’])t|I am (?:not able|unable)|I['’]m (?:not able|unable)|As an AI|Es tut mir leid|Je suis désolé|Lo siento|抱歉|申し訳)/i

function isEcho(answer: string, { system, user }: AnswerToCheck['prompt']): boolean {
  const mark = /BEGIN (record-\w+)/.exec(system)?.[1]
  if (mark !== undefined && answer.includes(mark)) return true
  if (answer.includes(system.slice(0, 80))) return true
  if ((answer.match(/^\[#\d+ /gm) ?? []).length > 2) return true
  // A long piece of the record at the beginning: the answer goes on with it.
  const begin = answer.trim().slice(0, 300)
  return begin.length === 300 && user.includes(begin)
}

/** The same line again and again, or the same few words all along. */
export function repeatsItself(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim())
  const counts = new Map<string, number>()
  for (const line of lines) if (line.length > 12) counts.set(line, (counts.get(line) ?? 0) + 1)
  if ([...counts.values()].some((count) => count > 2)) return true
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  if (words.length >= 60) {
    const runs = new Set<string>()
    for (let at = 0; at + 4 <= words.length; at++) runs.add(words.slice(at, at + 4).join(' '))
    if (runs.size / (words.length - 3) < 0.5) return true
  }
  return text.length > 400 && wordsOf(text).size < text.length / 100
}
