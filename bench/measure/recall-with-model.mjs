// What hints of models do to recall, and what looking at vectors costs. No model is asked: hints are made up, from the best
// that a model could say to nothing of use.
import { ask, counter, takeIn } from '../support/asked-dialogues.mjs'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { NO_DIALOGUES, readLocomo } from '../support/locomo.mjs'
import { hashed, madeUpEmbedders, madeUpModels, plausibleVector } from '../support/made-up-hints.mjs'
import { plausibleText } from '../support/plausible-text.mjs'
import { silentModels } from '../support/silent-models.mjs'
import { quantile } from '../support/statistics.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'

const BUDGETS = [1_000, 4_000]
const VECTORS = 20_000
const NUMBERS = 1_536
const QUESTIONS = 50

export async function measureRecallWithModel({ scale = 1 } = {}) {
  return [...(await measureHints(scale)), ...(await measureVectors(Math.ceil(VECTORS * scale)))]
}

async function measureHints(scale) {
  const asked = readLocomo(scale)
  if (asked.length === 0) return NO_DIALOGUES
  const answers = new Map(asked.flatMap(({ questions }) => questions.map(({ question, answer }) => [question, answer])))
  const words = asked.flatMap(({ messages }) => messages.flatMap(({ content }) => content.split(/\s+/)))
  const random = (question) => Array.from({ length: 12 }, (_, n) => words[hashed(`${n} ${question}`) % words.length])
  const right = (question) => (answers.get(question) ?? '').split(/\s+/)
  const half = (question) => [...right(question).filter((_, n) => n % 2 === 0), ...random(question).slice(0, 6)]
  const evidence = new Map(
    asked.flatMap(({ messages, questions }) =>
      questions.map((one) => [one.question, one.evidence.map((sequence) => messages[sequence - 1].content.trim())]),
    ),
  )
  const expansion = { expansionModel: 'made-up', timeoutMs: 60_000 }
  const embedding = { embeddingModel: 'made-up', timeoutMs: 60_000 }
  const variants = [
    { name: 'no hints', turns: silentModels(counter), recall: {} },
    { name: 'words of the right answer', turns: madeUpModels(counter, right), recall: expansion },
    { name: 'half of them, and random words', turns: madeUpModels(counter, half), recall: expansion },
    { name: 'random words', turns: madeUpModels(counter, random), recall: expansion },
    {
      name: 'an embedder that knows half of the evidence',
      turns: madeUpEmbedders(counter, evidence),
      recall: embedding,
    },
    { name: 'an embedder that knows words alone', turns: madeUpEmbedders(counter, new Map()), recall: embedding },
  ]
  const rows = []
  for (const { name, turns, recall } of variants) {
    const { dir, remove } = makeDataDir()
    try {
      await takeIn(dir, asked, { turns, recall })
      for (const budget of BUDGETS) {
        const { tally } = await ask(dir, asked, { budget, recentShare: 0, turns, recall })
        rows.push({
          name: `${budget.toLocaleString('en')} tokens: ${name}`,
          value: tally.text(),
          how: `as in "recall"; ${tally.byCategory()}`,
        })
      }
    } finally {
      remove()
    }
  }
  return rows
}

async function measureVectors(count) {
  const { dir, remove } = makeDataDir()
  try {
    writeWorkstream(dir, 'long', count + 10, () => plausibleText(150), 300, count)
    const embed = async ({ texts }) => texts.map((text) => plausibleVector(text, NUMBERS))
    const embedder = { profile: 'made-up', model: 'made-up', embed }
    const turns = { ...silentModels(), embedders: { open: async () => embedder } }
    const recall = { embeddingModel: 'made-up', timeoutMs: 60_000 }
    const without = await openManager(dir, { turns })
    const withVectors = await openManager(dir, { turns, recall })
    await withVectors.rebuildIndex()
    await withVectors.embedDue()
    const took = []
    for (let n = 0; n < QUESTIONS + 10; n++) {
      const message = `${plausibleText(20 + (n % 5) * 15)}?`
      const times = []
      for (const manager of [without, withVectors]) {
        const begun = performance.now()
        await manager.explainContext('long', { message })
        times.push(performance.now() - begun)
      }
      took.push(times[1] - times[0])
    }
    await without.close()
    await withVectors.close()
    // The first ones are those of a process that has just begun.
    const added = took.slice(10)
    return [
      {
        name: `${count.toLocaleString('en')} vectors of ${NUMBERS.toLocaleString('en')} numbers: looking at them adds`,
        value: `${quantile(added, 0.5).toFixed(0)} ms p50, ${quantile(added, 0.95).toFixed(0)} ms p95`,
        goal: '< 300 ms',
        how: `${QUESTIONS} questions; each asked without an embedder and with one that answers at once, the difference`,
      },
    ]
  } finally {
    remove()
  }
}
