// In long work with tools a name comes up again after a while: does the context that is assembled right before hold the
// message that had it first? Real transcripts: ARAWN_TEST_DATA/claude-code. Labels are made by code, out of what was said.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseConversations } from '@arawn/engine/import-format'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { newestFirst } from '../support/plain-recall.mjs'
import { silentModels } from '../support/silent-models.mjs'
import { readSpecifics } from '../support/specifics.mjs'

const BUDGET = 4_000
// Nearer ones stand in the window word for word.
const FAR = 60
const QUESTIONS = 60
const counter = { name: 'o200k', errorShare: 0, count: async (texts) => texts.map((text) => countTokens(text)) }

export async function measureRecallOfTranscripts({ scale = 1 } = {}) {
  const folder = join(process.env.ARAWN_TEST_DATA ?? '', 'claude-code')
  if (process.env.ARAWN_TEST_DATA === undefined || !existsSync(folder))
    return [{ name: 'skipped: ARAWN_TEST_DATA has no claude-code/*.jsonl', how: 'real transcripts are needed' }]
  const conversations = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => {
      const location = join(folder, name)
      return parseConversations({ format: 'claude-code', text: readFileSync(location, 'utf8'), location })
    })
  const { dir, remove } = makeDataDir()
  const context = { maxEchoTokens: BUDGET }
  const manager = await openManager(dir, { turns: silentModels(counter), context })
  try {
    let [asked, recalled, newest] = [0, 0, 0]
    for (const [place, conversation] of conversations.entries()) {
      const { messages } = conversation
      const source = { format: 'claude-code', conversation_id: `bench-${place}` }
      const { workstream } = await manager.importConversation({ source, messages })
      for (const { specific, first, later } of spread(mentionsOf(messages), Math.ceil(QUESTIONS * scale))) {
        const past = await manager.forkWorkstream(workstream.id, { message: later - 2 })
        await manager.compress(past.id)
        const { parts, messages: sent } = await manager.explainContext(past.id, {
          message: textOf(messages[later - 2]),
        })
        const echoes = parts.find(({ name }) => name === 'echoes')
        const isShown = echoes?.coverage.some(([from, to]) => from <= first && first <= to) ?? false
        asked++
        if (isShown && sent.at(-1).content.includes(specific)) recalled++
        const before = messages.slice(0, later - 2).map((message) => ({ ...message, content: textOf(message) }))
        if (newestFirst(before, BUDGET).has(first)) newest++
        await manager.purgeWorkstream(past.id)
      }
    }
    return [
      {
        name: 'first mention of a name that comes up again, in 4,000 tokens',
        value: percent(recalled, asked),
        limit: `newest ${percent(newest, asked)}`,
        how: `${conversations.length} real transcripts, ${asked} names (paths, addresses, hashes, names in code, numbers with units) that a message has for the first time in at least ${FAR} messages; the question is the message before it, which has not; the share of names whose very first message stands in the context with the name. A quarter is for the newest messages. Limit: the newest messages that fit`,
      },
    ]
  } finally {
    await manager.close()
    remove()
  }
}

/** Names, the sequence of the message that had it first, and that of the first one that has it again after a long while. */
function mentionsOf(messages) {
  const seen = new Map()
  const found = []
  for (const [index, message] of messages.entries()) {
    const sequence = index + 1
    for (const specific of readSpecifics(textOf(message))) {
      const known = seen.get(specific)
      if (known !== undefined && sequence - known.last >= FAR && textOf(messages[index - 1]).trim() !== '')
        found.push({ specific, first: known.first, later: sequence })
      seen.set(specific, { first: known?.first ?? sequence, last: sequence })
    }
  }
  // One name a message: others that it has came with it.
  return [...new Map(found.map((mention) => [mention.later, mention])).values()].filter(
    ({ specific, later }) => !textOf(messages[later - 2]).includes(specific),
  )
}

function spread(all, count) {
  const step = Math.max(1, all.length / count)
  return Array.from({ length: Math.min(count, all.length) }, (_, n) => all[Math.floor(n * step)])
}

function textOf({ content, metadata }) {
  return metadata?.arguments === undefined ? content : JSON.stringify(metadata.arguments)
}

function percent(found, of) {
  return of === 0 ? 'none' : `${((100 * found) / of).toFixed(1)} % of ${of}`
}
