// How much of the specifics of a compressed history can still be found, when words and ledger of its summary together
// get a tenth of its tokens. Real transcripts: ARAWN_TEST_DATA/claude-code.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { extractSummary } from '@arawn/engine/extract-summary'
import { parseConversations } from '@arawn/engine/import-format'
import { takeLedger } from '@arawn/engine/ledger'
import { renderSummary } from '@arawn/engine/render-summary'
import { measureRetention } from '@arawn/engine/retention'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { readSpecifics } from '../support/specifics.mjs'
import { quantile } from '../support/statistics.mjs'

const SHARES = [0.1, 0.05, 0.02]
const counter = { name: 'o200k', errorShare: 0, count: async (texts) => texts.map((text) => countTokens(text)) }

export async function measureRetentionOfSummaries({ scale = 1 } = {}) {
  const folder = join(process.env.ARAWN_TEST_DATA ?? '', 'claude-code')
  const files =
    process.env.ARAWN_TEST_DATA !== undefined && existsSync(folder)
      ? readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
      : []
  if (files.length === 0)
    return [{ name: 'skipped: ARAWN_TEST_DATA has no claude-code/*.jsonl', how: 'real transcripts are needed' }]
  const histories = files.flatMap((name) => {
    const location = join(folder, name)
    const parsed = parseConversations({ format: 'claude-code', text: readFileSync(location, 'utf8'), location })
    return parsed.map(({ messages }) => shortened(messages, scale))
  })
  const rows = []
  for (const share of SHARES) rows.push(...(await retentionRows(histories, share)))
  return [...rows, ...speedRows(histories, scale), await manyMessagesRow(scale)]
}

function shortened(messages, scale) {
  const numbered = messages.map((message, index) => ({ ...message, sequence: index + 1 }))
  return scale < 1 ? numbered.slice(0, 60) : numbered
}

async function retentionRows(histories, share) {
  const sum = { kept: 0, of: 0, salientKept: 0, salientOf: 0 }
  const classes = {}
  let used = 0
  let budget = 0
  const each = []
  const crude = { kept: 0, of: 0 }
  for (const messages of histories) {
    const ledger = takeLedger(messages)
    const maxTokens = Math.floor(share * messages.reduce((tokens, { content }) => tokens + countTokens(content), 0))
    const made = await extractSummary({ messages, ledger, maxTokens, counter })
    // As the context of a turn has it, within the same room.
    const summary = { id: 'sum_1', coverage: [], ...made }
    const { text } = renderSummary(summary, maxTokens, countTokens)
    const retention = measureRetention(ledger, text)
    const flat = text.replace(/\s+/g, ' ')
    const recurring = readCrudely(messages)
    crude.of += recurring.length
    crude.kept += recurring.filter((wanted) => flat.includes(wanted)).length
    for (const name of Object.keys(sum)) sum[name] += retention[name]
    for (const [name, { kept, of }] of Object.entries(retention.byClass)) {
      const before = classes[name] ?? { kept: 0, of: 0 }
      classes[name] = { kept: before.kept + kept, of: before.of + of }
    }
    used += countTokens(text)
    budget += maxTokens
    each.push(percent(retention.salientKept, retention.salientOf))
  }
  const byClass = Object.entries(classes).map(([name, { kept, of }]) => `${name} ${percent(kept, of)}`)
  const how = `${histories.length} real transcripts, summarized without a model; a specific counts when all of it stands in the rendered text; tokens of o200k`
  const part = `${share * 100} % of the tokens`
  return [
    {
      name: `salient specifics found in ${part}`,
      value: `${percent(sum.salientKept, sum.salientOf)} of ${sum.salientOf}`,
      limit: `${used.toLocaleString('en')} of ${budget.toLocaleString('en')} tokens used`,
      goal: share === 0.1 ? '>= 90 %' : '',
      how: `${how}; salient are those that recur, or stand in a decision or in an error; by transcript: ${each.join(', ')}`,
    },
    {
      name: `by a second reading, found in ${part}`,
      value: `${percent(crude.kept, crude.of)} of ${crude.of}`,
      how: 'paths, addresses, hashes, names in code and numbers with units that a few plain expressions find in at least two messages, looked for as they are',
    },
    {
      name: `all specifics found in ${part}`,
      value: `${percent(sum.kept, sum.of)} of ${sum.of}`,
      how: `${how}; by class: ${byClass.join(', ')}`,
    },
  ]
}

/** Another, cruder reading, to hold the product's own against: what recurs, by expressions that know nothing of it. */
function readCrudely(messages) {
  const seen = new Map()
  for (const { content, metadata } of messages) {
    const text = metadata?.arguments === undefined ? content : Object.values(metadata.arguments).join('\n')
    for (const wanted of readSpecifics(text)) seen.set(wanted, (seen.get(wanted) ?? 0) + 1)
  }
  return [...seen].filter(([, mentions]) => mentions > 1).map(([wanted]) => wanted)
}

function speedRows(histories, scale) {
  const messages = histories.flat()
  const bytes = messages.reduce(
    (all, { content, metadata }) =>
      all + Buffer.byteLength(metadata?.arguments === undefined ? content : JSON.stringify(metadata.arguments)),
    0,
  )
  const speeds = []
  for (let round = 0; round < Math.max(5, 30 * scale); round++) {
    const before = process.cpuUsage()
    takeLedger(messages)
    const { user, system } = process.cpuUsage(before)
    speeds.push(bytes / (user + system))
  }
  return [
    {
      name: 'taking a ledger',
      value: `${quantile(speeds, 0.5).toFixed(1)} MB/s`,
      goal: '>= 10 MB/s',
      how: `all transcripts in one go, ${speeds.length} times, the median; per second of CPU, because other work runs beside it`,
    },
  ]
}

async function manyMessagesRow(scale) {
  const count = Math.ceil(10_000 * scale)
  const messages = Array.from({ length: count }, (_, index) => ({
    sequence: index + 1,
    role: ['user', 'assistant', 'tool_use', 'tool_result'][index % 4],
    content: `In step ${index} the module src/part-${index % 700}/file-${index}.ts was ${index % 3 ? 'changed' : 'read'}. It took ${index} ms. ${'We looked at rows and columns of it for a while. '.repeat(index % 5)}`,
  }))
  const started = performance.now()
  await extractSummary({ messages, ledger: takeLedger(messages), maxTokens: 4_000, counter })
  return {
    name: `summary of ${count.toLocaleString('en')} messages without a model`,
    value: `${((performance.now() - started) / 1_000).toFixed(1)} s`,
    goal: '< 5 s',
    how: 'ledger included, once, with 4,000 tokens for words and ledger',
  }
}

function percent(kept, of) {
  return of === 0 ? 'none' : `${((100 * kept) / of).toFixed(1)} %`
}
