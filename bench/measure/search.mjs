// Search over 100,000 messages: how fast it answers, how large the index is, and how long it takes to build.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { makeDataDir, openManager } from '../support/data-dir.mjs'
import { openPlainFts } from '../support/plain-fts.mjs'
import { plausibleText, wordOfRank } from '../support/plausible-text.mjs'
import { median, quantile } from '../support/statistics.mjs'
import { writeWorkstream } from '../support/synthetic-log.mjs'
import { inTurns, ratioOf } from '../support/turns.mjs'

const MESSAGES = 100_000
const WORKSTREAMS = 10
const QUERIES = 200
const ROUNDS = 3

export async function measureSearch({ scale = 1 } = {}) {
  const { dir, remove } = makeDataDir()
  const messages = Math.ceil((MESSAGES * scale) / WORKSTREAMS) * WORKSTREAMS
  const texts = []
  const write = () => {
    texts.push(plausibleText(700))
    return texts.at(-1)
  }
  let logBytes = 0
  for (let n = 0; n < WORKSTREAMS; n++) logBytes += writeWorkstream(dir, `ws-${n}`, messages / WORKSTREAMS, write)
  const plain = openPlainFts(dir)
  const manager = await openManager(dir)
  try {
    const [building, size] = await measureBuilding({ dir, manager, plain, texts, logBytes })
    const rows = [
      building,
      await measureWithThread({ dir, manager, logBytes }),
      size,
      ...(await measureQueries({ manager, plain })),
      await measureNews(manager),
    ]
    const count = messages.toLocaleString('en')
    return rows.map((row) => ({ ...row, name: `${count} messages: ${row.name}` }))
  } finally {
    await manager.close()
    plain.close()
    remove()
  }
}

async function measureBuilding({ dir, manager, plain, texts, logBytes }) {
  const speed = async (work) => {
    const started = performance.now()
    await work()
    return logBytes / 1e3 / (performance.now() - started)
  }
  const seen = await inTurns(ROUNDS, {
    rebuild: () => speed(() => manager.rebuildIndex()),
    plain: () => speed(() => plain.build(texts)),
  })
  const indexBytes = statSync(join(dir, 'index.db')).size
  return [
    {
      name: 'rebuild with search',
      value: `${median(seen.rebuild).toFixed(1)} MB/s`,
      limit: `${median(seen.plain).toFixed(1)} MB/s`,
      ratio: ratioOf(seen.rebuild, seen.plain),
      goal: '>= 12 MB/s',
      how: `bytes of the logs a second, in one thread; limit: the same texts, in memory already, into a plain FTS5 table with SQLite's own words and stems; ${ROUNDS} rounds in turns`,
    },
    {
      name: 'index.db / logs',
      value: `${(indexBytes / 1e6).toFixed(0)} MB`,
      limit: `${(plain.bytes() / 1e6).toFixed(0)} MB`,
      ratio: (indexBytes / logBytes).toFixed(2),
      goal: '<= 0.6',
      how: 'sizes after a rebuild; the ratio is that to the logs; limit: that plain table, without any rows of messages',
    },
  ]
}

async function measureWithThread({ dir, manager, logBytes }) {
  const helped = await openManager(dir, { worker: true })
  try {
    const speed = async (of) => {
      const started = performance.now()
      await of.rebuildIndex()
      return logBytes / 1e3 / (performance.now() - started)
    }
    const seen = await inTurns(ROUNDS, { helped: () => speed(helped), alone: () => speed(manager) })
    return {
      name: 'the same with a thread that analyses',
      value: `${median(seen.helped).toFixed(1)} MB/s`,
      limit: `${median(seen.alone).toFixed(1)} MB/s`,
      ratio: ratioOf(seen.helped, seen.alone),
      how: `as a data dir is opened by the server and the command line; limit: in one thread, ${ROUNDS} rounds in turns; needs a second processor that is free`,
    }
  } finally {
    await helped.close()
  }
}

async function measureQueries({ manager, plain }) {
  const queries = Array.from({ length: QUERIES }, (_, n) => queryOf(n))
  const times = async (find) => {
    const took = []
    for (const query of queries) {
      const began = performance.now()
      await find(query)
      took.push(performance.now() - began)
    }
    return took
  }
  const find = async (query) => {
    const { complete } = await manager.searchMessages({ query })
    if (!complete) throw new Error('search is not level')
  }
  const seen = await inTurns(ROUNDS, { find: () => times(find), plain: () => times((query) => plain.find(query)) })
  return [0.5, 0.95].map((q) => {
    const [product, limit] = [seen.find, seen.plain].map((rounds) => rounds.map((took) => quantile(took, q)))
    return {
      name: `search, p${q * 100}`,
      value: `${median(product).toFixed(1)} ms`,
      limit: `${median(limit).toFixed(1)} ms`,
      ratio: ratioOf(product, limit),
      ...(q === 0.95 && { goal: '< 20 ms' }),
      how: `the first 20 hits with snippets; ${QUERIES} queries of one to three words, common and rare, phrases and prefixes; limit: rows and scores of the plain table; ${ROUNDS} rounds in turns; the ratio is how many times as long`,
    }
  })
}

async function measureNews(manager) {
  const took = []
  for (let n = 0; n < 20; n++) {
    const began = performance.now()
    const { id } = await manager.sendMessage({ workstream: 'ws-0', content: `a quokka${n}` })
    const { items } = await manager.searchMessages({ query: `quokka${n}` })
    took.push(performance.now() - began)
    if (items[0]?.message.id !== id) throw new Error('what was sent is not found')
  }
  return { name: 'send a message and find it', value: `${median(took).toFixed(1)} ms`, how: 'median of 20' }
}

/** One to three words, common and rare; some phrases and prefixes. */
function queryOf(n) {
  const word = (spread) => wordOfRank(20 + ((n * spread) % 5_000))
  if (n % 10 === 8) return `"${word(7)} ${wordOfRank(n % 20)}"`
  if (n % 10 === 9) return `${word(13).slice(0, 5)}*`
  return [word(31), word(101), word(211)].slice(0, 1 + (n % 3)).join(n % 2 === 0 ? ' ' : ' OR ')
}
