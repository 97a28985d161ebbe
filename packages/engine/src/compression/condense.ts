/**
 * Many pieces become one text: as many as fit into the model's window at a time, then the answers again, until one is
 * left.
 */

import type { LanguageModel, ModelRequest } from '@arawn/core/language-model'
import type { Specific } from '@arawn/core/summary'
import { type PromptKind, summaryPrompt } from '../summary-prompt.js'
import { type AnswerProblem, answerProblem, problemWords } from './answer-problem.js'
import { askModel, requestOf, type Spending } from './ask-model.js'
import { type ReadAnswer, readAnswer } from './read-answer.js'
import { withoutMiddle } from './transcript-text.js'

export interface CondenseTask {
  readonly model: LanguageModel
  /** How the pieces are asked about; answers are asked about as `merge`, or as `reduce` if that was the kind. */
  readonly kind: PromptKind
  readonly pieces: readonly string[]
  /** For the words alone. */
  readonly maxTokens: number
  readonly spending: Spending
  readonly signal: AbortSignal | undefined
  /** What is wrong with the last answer beside its form; it is asked for once more, with what is missing. */
  readonly judge: (answer: ReadAnswer) => Promise<{ problem: AnswerProblem; missing: readonly Specific[] } | undefined>
}

export type Condensed = { readonly answer: ReadAnswer } | { readonly problems: readonly AnswerProblem[] }

/** @throws what the model throws, or the reason of the signal */
export async function condense(task: CondenseTask): Promise<Condensed> {
  const later: PromptKind = task.kind === 'reduce' ? 'reduce' : 'merge'
  let { kind, pieces } = task
  const facts: string[] = []
  for (;;) {
    const groups = await grouped(pieces, task)
    if (groups.length <= 1) return last(task, kind, groups[0] ?? [], facts)
    // No two answers fit together: it would go on for ever.
    if (kind === later && groups.length >= pieces.length) return { problems: ['not_smaller'] }
    const answers: string[] = []
    for (const group of groups) {
      const asked = await ask(task, kind, group, async () => undefined)
      if ('problems' in asked) return asked
      facts.push(...asked.answer.facts)
      answers.push(asked.answer.summary)
    }
    kind = later
    pieces = answers
  }
}

/** What `condense` begins with, whatever the answers are. */
export async function firstRequests(
  task: Pick<CondenseTask, 'model' | 'kind' | 'pieces' | 'maxTokens'>,
): Promise<ModelRequest[]> {
  const groups = await grouped(task.pieces, task)
  return groups.map((group) => requestOf(summaryPrompt(task.kind, group, task.maxTokens), answerTokens(task)))
}

async function last(
  task: CondenseTask,
  kind: PromptKind,
  group: readonly string[],
  facts: readonly string[],
): Promise<Condensed> {
  const asked = await ask(task, kind, group, task.judge)
  if ('problems' in asked) return asked
  return { answer: { ...asked.answer, facts: [...new Set([...facts, ...asked.answer.facts])] } }
}

/** Asks, and once more if the first answer is no good. */
async function ask(
  { model, maxTokens, spending, signal }: CondenseTask,
  kind: PromptKind,
  group: readonly string[],
  judge: CondenseTask['judge'],
): Promise<Condensed> {
  const problems: AnswerProblem[] = []
  let missing: readonly Specific[] = []
  const [inputTokens = 0] = await model.counter.count([group.join('\n\n')])
  for (let attempt = 0; attempt < 2; attempt++) {
    const problem = problems.at(-1)
    const hint = problem === undefined ? undefined : { problem: problemWords[problem], specifics: missing }
    const prompt = summaryPrompt(kind, group, maxTokens, hint)
    const { text, end } = await askModel(model, prompt, answerTokens({ model, maxTokens }), spending, signal)
    const answer = readAnswer(text)
    const [tokens = 0] = await model.counter.count([answer.summary])
    const wrong = answerProblem({ answer: text, summary: answer.summary, end, tokens, maxTokens, inputTokens, prompt })
    if (wrong !== undefined) {
      problems.push(wrong)
      continue
    }
    const judged = await judge(answer)
    if (judged === undefined) return { answer }
    problems.push(judged.problem)
    missing = judged.missing
  }
  return { problems }
}

/** Facts come on top of the words. */
function answerTokens({ model, maxTokens }: Pick<CondenseTask, 'model' | 'maxTokens'>): number {
  return Math.min(model.maxOutputTokens, Math.ceil(maxTokens * 1.25) + FACTS_TOKENS)
}

const FACTS_TOKENS = 500

/** Neighbours together, as many as the window holds beside the instructions, what may be missing, and the answer. */
async function grouped(
  pieces: readonly string[],
  { model, maxTokens }: Pick<CondenseTask, 'model' | 'maxTokens'>,
): Promise<string[][]> {
  const answer = answerTokens({ model, maxTokens })
  const room = Math.floor((model.windowTokens - answer) * (1 - model.counter.errorShare)) - INSTRUCTION_TOKENS
  if (room < MIN_ROOM) throw new RangeError(`a window of ${model.windowTokens} tokens is too small for a summary`)
  const groups: string[][] = []
  let left = 0
  const counts = await model.counter.count(pieces)
  for (const [index, whole] of pieces.entries()) {
    let piece = whole
    let tokens = (counts[index] ?? 0) + BETWEEN_TOKENS
    while (tokens > room) {
      piece = withoutMiddle(piece, Math.floor(piece.length / 2))
      const [again = 0] = await model.counter.count([piece])
      tokens = again + BETWEEN_TOKENS
    }
    if (groups.length === 0 || tokens > left) {
      groups.push([])
      left = room
    }
    groups.at(-1)?.push(piece)
    left -= tokens
  }
  return groups
}

// With a list of what an earlier answer left out.
const INSTRUCTION_TOKENS = 1_600
const BETWEEN_TOKENS = 4
const MIN_ROOM = 300
