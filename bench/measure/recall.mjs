// Which share of the messages that a question needs stands in the context that is assembled for it. Dialogues of LoCoMo,
// taken in by an import, summarized without a model, asked by explainContext.
import { ask, counter, createTally, takeIn } from '../support/asked-dialogues.mjs'
import { makeDataDir } from '../support/data-dir.mjs'
import { NO_DIALOGUES, readLocomo } from '../support/locomo.mjs'
import { createPlainRecall, newestFirst } from '../support/plain-recall.mjs'
import { silentModels } from '../support/silent-models.mjs'
import { quantile } from '../support/statistics.mjs'

const BUDGETS = [1_000, 2_000, 4_000, 8_000]
const GOALS = { 0: ['88/83', '92/88', '95/91', '97.5/95'], 0.25: ['85/80', '90/86', '94/90', '97/94'] }

export async function measureRecall({ scale = 1 } = {}) {
  const asked = readLocomo(scale)
  if (asked.length === 0) return NO_DIALOGUES
  const turns = silentModels(counter)
  const { dir, remove } = makeDataDir()
  try {
    await takeIn(dir, asked, { turns })
    const rows = []
    for (const [at, budget] of BUDGETS.entries()) {
      const ofPlain = plainTallies(asked, budget)
      for (const recentShare of [0, 0.25]) {
        const { tally, tookMs, mostTokens } = await ask(dir, asked, { budget, recentShare, turns })
        if (mostTokens > budget) throw new Error(`${mostTokens} tokens of echoes where there is room for ${budget}`)
        const name = recentShare === 0 ? 'recalled' : `a quarter for the newest messages, then recalled`
        rows.push({
          name: `${budget.toLocaleString('en')} tokens: ${name}`,
          value: tally.text(),
          limit: `bm25 ${ofPlain.bm25.text()}, newest ${ofPlain.newest.text()}`,
          ratio: '',
          goal: `>= ${GOALS[recentShare][at]}`,
          how: `${tally.byCategory()}; at most ${mostTokens} tokens; the whole context took ${quantile(tookMs, 0.5).toFixed(1)} ms p50, ${quantile(tookMs, 0.95).toFixed(1)} ms p95`,
        })
      }
    }
    const messages = asked.reduce((sum, dialogue) => sum + dialogue.messages.length, 0)
    const questions = asked.reduce((sum, dialogue) => sum + dialogue.questions.length, 0)
    return [
      {
        name: 'what is counted',
        how: `LoCoMo (CC BY-NC 4.0), dialogues ${asked.map(({ name }) => name).join(', ')}: ${messages.toLocaleString('en')} messages, ${questions.toLocaleString('en')} questions with evidence. Mean share of a question's evidence that stands in the context word for word / share of questions with all of it, in percent. Tokens are those of o200k, of all that is echoed: names, dates and marks included. Summaries stand beside and do not count. Limits: the same lines, the newest that fit; and the best by bm25 of SQLite's FTS5 (porter), the question as an OR query`,
      },
      ...rows,
    ]
  } finally {
    remove()
  }
}

function plainTallies(dialogues, budget) {
  const newest = createTally()
  const bm25 = createTally()
  for (const { messages, questions } of dialogues) {
    const plain = createPlainRecall(messages)
    const last = newestFirst(messages, budget)
    for (const { question, category, evidence } of questions) {
      const best = plain.best(question, budget)
      newest.add(category, evidence.filter((sequence) => last.has(sequence)).length, evidence.length)
      bm25.add(category, evidence.filter((sequence) => best.has(sequence)).length, evidence.length)
    }
    plain.close()
  }
  return { newest, bm25 }
}
