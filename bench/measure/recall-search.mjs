// Which share of the messages that a question needs is among the first hits of a search for it. Dialogues of LoCoMo.
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { NO_DIALOGUES, readLocomo } from '../support/locomo.mjs'
import { createPlainRecall } from '../support/plain-recall.mjs'
import { quantile } from '../support/statistics.mjs'

const FIRST = [5, 10, 25, 50]

export async function measureRecallBySearch({ scale = 1 } = {}) {
  const asked = readLocomo(scale)
  if (asked.length === 0) return NO_DIALOGUES
  const { dir, remove } = makeDataDir()
  const manager = await openManager(dir)
  try {
    for (const { name, messages } of asked) {
      await manager.createWorkstream({ id: `locomo-${name}` })
      const source = { format: 'locomo', conversation_id: name }
      await manager.importConversation({ source, into: `locomo-${name}`, messages })
    }
    await manager.levelSearch({ withinMs: 600_000 })
    const plain = tallyOfPlain(asked)
    return [
      row('in its dialogue', await tallyOf(manager, asked, (workstream) => ({ workstream })), plain),
      row('in all of them', await tallyOf(manager, asked, () => ({}))),
    ]
  } finally {
    await manager.close()
    remove()
  }
}

function row(where, tally, limit) {
  return {
    name: `a question, searched ${where}`,
    value: tally.text(),
    limit: limit === undefined ? '' : `bm25 ${limit.text()}`,
    how: `LoCoMo (CC BY-NC 4.0), ${tally.count} questions; mean share of a question's evidence among the first ${FIRST.join('/')} hits, in percent; the question is the query as it stands, without signs; a search took ${quantile(tally.tookMs, 0.5).toFixed(1)} ms p50, ${quantile(tally.tookMs, 0.95).toFixed(1)} ms p95 for 50 hits; limit: FTS5 (porter) over the messages of the dialogue, the question as an OR query`,
  }
}

async function tallyOf(manager, dialogues, place) {
  const tally = createTally()
  for (const { name, questions } of dialogues)
    for (const { question, evidence } of questions) {
      const query = question.replace(/["*-]/g, ' ')
      const begun = performance.now()
      const { items } = await manager.searchMessages({ query, limit: FIRST.at(-1), ...place(`locomo-${name}`) })
      tally.tookMs.push(performance.now() - begun)
      const here = items.map((item) => (item.workstream_id === `locomo-${name}` ? item.message.sequence : 0))
      tally.add(here, evidence)
    }
  return tally
}

function tallyOfPlain(dialogues) {
  const tally = createTally()
  for (const { messages, questions } of dialogues) {
    const plain = createPlainRecall(messages)
    for (const { question, evidence } of questions) tally.add(plain.ranked(question), evidence)
    plain.close()
  }
  return tally
}

function createTally() {
  const shares = FIRST.map(() => 0)
  return {
    count: 0,
    tookMs: [],
    add(sequences, evidence) {
      this.count++
      for (const [at, first] of FIRST.entries()) {
        const hits = new Set(sequences.slice(0, first))
        shares[at] += evidence.filter((sequence) => hits.has(sequence)).length / evidence.length
      }
    },
    text() {
      return shares.map((share) => ((100 * share) / this.count).toFixed(1)).join('/')
    },
  }
}
