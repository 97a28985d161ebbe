// Which share of the messages that a question needs stands in the context that is assembled for it. Dialogues of LoCoMo,
// taken in by an import, summarized without a model, asked by explainContext.
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { readLocomo } from '../support/locomo.mjs'
import { createPlainRecall, newestFirst } from '../support/plain-recall.mjs'
import { silentModels } from '../support/silent-models.mjs'
import { quantile } from '../support/statistics.mjs'

const BUDGETS = [1_000, 2_000, 4_000, 8_000]
const GOALS = { 0: ['88/83', '92/88', '95/91', '97.5/95'], 0.25: ['85/80', '90/86', '94/90', '97/94'] }
const CATEGORIES = { 1: 'multi-hop', 2: 'temporal', 3: 'open-domain', 4: 'single-hop', 5: 'adversarial' }
const counter = { name: 'o200k', errorShare: 0, count: async (texts) => texts.map((text) => countTokens(text)) }

export async function measureRecall({ scale = 1 } = {}) {
  const dialogues = readLocomo()
  if (dialogues.length === 0)
    return [{ name: 'skipped: ARAWN_TEST_DATA has no locomo/*.json', how: 'dialogues with questions are needed' }]
  const asked = dialogues.map((dialogue) => ({
    ...dialogue,
    questions: scale < 1 ? dialogue.questions.slice(0, Math.ceil(200 * scale)) : dialogue.questions,
  }))
  const { dir, remove } = makeDataDir()
  try {
    await takeIn(dir, asked)
    const rows = []
    for (const [at, budget] of BUDGETS.entries()) {
      const ofPlain = plainTallies(asked, budget)
      for (const recentShare of [0, 0.25]) {
        const { tally, tookMs, mostTokens } = await ask(dir, asked, { budget, recentShare })
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

async function takeIn(dir, dialogues) {
  const manager = await openManager(dir, { turns: silentModels(counter) })
  for (const { name, messages } of dialogues) {
    await manager.createWorkstream({ id: `locomo-${name}` })
    const source = { format: 'locomo', conversation_id: name }
    await manager.importConversation({ source, into: `locomo-${name}`, messages })
    await manager.compress(`locomo-${name}`)
  }
  await manager.levelSearch({ withinMs: 600_000 })
  await manager.close()
}

async function ask(dir, dialogues, { budget, recentShare }) {
  const context = { maxEchoTokens: budget, recentShare }
  const manager = await openManager(dir, { turns: silentModels(counter), context })
  const tally = createTally()
  const tookMs = []
  let mostTokens = 0
  for (const { name, messages, questions } of dialogues)
    for (const { question, category, evidence } of questions) {
      const begun = performance.now()
      const { messages: sent } = await manager.explainContext(`locomo-${name}`, { message: question })
      tookMs.push(performance.now() - begun)
      const echoed = echoedText(sent)
      mostTokens = Math.max(mostTokens, countTokens(echoed))
      const found = evidence.filter((sequence) => {
        const { author, content } = messages[sequence - 1]
        return echoed.includes(`\n${author}: ${content.trim().replace(/\r\n|[\n\r]/g, '\n  ')}\n`)
      })
      tally.add(category, found.length, evidence.length)
    }
  await manager.close()
  return { tally, tookMs, mostTokens }
}

/** What stands before the new message, as the model gets it. */
function echoedText(sent) {
  const { content } = sent.at(-1)
  const text = typeof content === 'string' ? content : ''
  const from = text.indexOf('[recalled messages')
  const end = '[end of recalled messages]'
  return from < 0 ? '' : text.slice(from, text.indexOf(end) + end.length)
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

function createTally() {
  const counts = new Map()
  const text = ({ share, all, of }) => `${((100 * share) / of).toFixed(1)}/${((100 * all) / of).toFixed(1)}`
  const total = () =>
    [...counts.values()].reduce(
      (sum, one) => ({ share: sum.share + one.share, all: sum.all + one.all, of: sum.of + one.of }),
      { share: 0, all: 0, of: 0 },
    )
  return {
    add(category, found, of) {
      const before = counts.get(category) ?? { share: 0, all: 0, of: 0 }
      counts.set(category, {
        share: before.share + found / of,
        all: before.all + (found === of ? 1 : 0),
        of: before.of + 1,
      })
    },
    text: () => text(total()),
    byCategory: () =>
      [...counts]
        .sort(([a], [b]) => a - b)
        .map(([category, count]) => `${CATEGORIES[category] ?? category} ${text(count)}`)
        .join(', '),
  }
}
