// The server next to bare Fastify in another process: messages taken, pages read.
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeDataDir } from '../support/data-dir.mjs'
import { httpLoad } from '../support/http-load.mjs'
import { startArawn, startBare } from '../support/server-process.mjs'
import { median } from '../support/statistics.mjs'
import { content, writeWorkstream } from '../support/synthetic-log.mjs'
import { inTurns, ratioOf } from '../support/turns.mjs'

const ROUNDS = 5
const SECONDS = 3
const CONNECTIONS = 16

export async function measureServer({ scale = 1 } = {}) {
  const { dir, remove } = makeDataDir()
  const seconds = Math.max(1, Math.round(SECONDS * scale))
  for (let n = 0; n < 20; n++) writeWorkstream(dir, `ws-${n}`, Math.ceil(1_000 * scale) + 20)
  const arawn = await startArawn(dir)
  let bare
  try {
    bare = await startBare(await answersOf(arawn.url, dir), join(dir, 'bare.log'))
    await searchIsLevel(arawn.url)
    const rows = []
    for (const kind of kinds) {
      const load = { connections: CONNECTIONS, seconds, ...kind.request }
      const rounds = await inTurns(ROUNDS, {
        limit: () => httpLoad(`${bare.url}${kind.path}`, load),
        product: () => httpLoad(`${arawn.url}${kind.path}`, load),
      })
      rows.push(row(kind, rounds, arawn.rssMb(), seconds))
    }
    return rows
  } finally {
    await bare?.stop()
    await arawn.stop()
    remove()
  }
}

const MESSAGES = '/api/v1/workstreams/ws-0/messages'
const said = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ content }) }

const kinds = [
  {
    name: 'GET …/messages, the last 20',
    path: MESSAGES,
    request: {},
    goal: '>= 0.3 x the limit',
    how: 'limit: Fastify that has the same objects in memory and makes JSON of them',
  },
  {
    name: 'GET /workstreams, 20 of 21',
    path: '/api/v1/workstreams',
    request: {},
    goal: '>= 0.3 x the limit',
    how: 'limit: Fastify that has the same objects in memory and makes JSON of them',
  },
  {
    name: 'POST …/messages, durable',
    path: '/api/v1/workstreams/ws-1/messages',
    request: said,
    how: 'limit: Fastify that writes as many bytes; whatever waits goes out with one writeSync and one fdatasync',
  },
]

/** The histories were just written: they are read and analysed once, which is measured elsewhere. */
async function searchIsLevel(url) {
  for (;;) {
    const { complete } = await (await fetch(`${url}/api/v1/search?q=index`)).json()
    if (complete !== false) return
  }
}

/** What the product answers, for the bare server to answer, too. */
async function answersOf(url, dir) {
  const get = async (path, options) => (await fetch(`${url}${path}`, options)).json()
  const log = join(dir, 'workstreams/ws-1/messages.jsonl')
  const before = statSync(log).size
  const sent = await get('/api/v1/workstreams/ws-1/messages', said)
  const lineBytes = statSync(log).size - before
  const answers = { messages: await get(MESSAGES), workstreams: await get('/api/v1/workstreams'), sent, lineBytes }
  if (answers.messages.data.length !== 20 || answers.workstreams.data.length !== 20) throw new Error('no full pages')
  const file = join(dir, 'answers.json')
  writeFileSync(file, JSON.stringify(answers))
  return file
}

function row({ name, goal, how }, { product, limit }, rssMb, seconds) {
  const speeds = (rounds) => rounds.map(({ perSecond }) => perSecond)
  const text = (rounds) => {
    const middle = (key) => median(rounds.map((round) => round[key]))
    return `${Math.round(middle('perSecond')).toLocaleString('en')}/s, p50 ${middle('p50')} ms, p99 ${middle('p99')} ms`
  }
  return {
    name,
    value: `${text(product)}; ${Math.round(rssMb)} MB`,
    limit: text(limit),
    ratio: ratioOf(speeds(product), speeds(limit)),
    goal,
    how: `${how}; ${CONNECTIONS} connections that ask again when they were answered, from a third process; ${ROUNDS} rounds of ${seconds} s in turns; MB are resident memory afterwards`,
  }
}
