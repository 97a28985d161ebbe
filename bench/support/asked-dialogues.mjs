// Dialogues of LoCoMo in a data dir, and how much of what their questions need comes back.
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { openManager } from './data-dir.mjs'

const CATEGORIES = { 1: 'multi-hop', 2: 'temporal', 3: 'open-domain', 4: 'single-hop', 5: 'adversarial' }

export const counter = {
  name: 'o200k',
  errorShare: 0,
  count: async (texts) => texts.map((text) => countTokens(text)),
}

/** Takes dialogues in, summarized without a model, so that all of them is covered. */
export async function takeIn(dir, dialogues, { turns, recall } = {}) {
  const manager = await openManager(dir, { turns, recall })
  for (const { name, messages } of dialogues) {
    await manager.createWorkstream({ id: `locomo-${name}` })
    const source = { format: 'locomo', conversation_id: name }
    await manager.importConversation({ source, into: `locomo-${name}`, messages })
    await manager.compress(`locomo-${name}`)
  }
  await manager.levelSearch({ withinMs: 600_000 })
  await manager.embedDue()
  await manager.close()
}

/** What of the evidence of each question stands in its context. */
export async function ask(dir, dialogues, { budget, recentShare, turns, recall }) {
  const context = { maxEchoTokens: budget, recentShare }
  const manager = await openManager(dir, { turns, context, recall })
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

/** Shares of evidence, by category of the question. */
export function createTally() {
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
