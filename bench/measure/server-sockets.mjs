// A thousand sockets that follow one workstream into which something is pushed all the time, and memory under load.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeDataDir } from '../support/data-dir.mjs'
import { httpLoad } from '../support/http-load.mjs'
import { startArawn, startBare } from '../support/server-process.mjs'
import { median, quantile } from '../support/statistics.mjs'
import { content, writeWorkstream } from '../support/synthetic-log.mjs'
import { inTurns } from '../support/turns.mjs'

const SOCKETS = 1_000
const PROCESSES = 2
const PUSHES_PER_SECOND = 20
const SECONDS = 6
const ROUNDS = 3

/** From the sending of a push to its receipt by each of them. */
export async function measureSockets({ scale = 1 } = {}) {
  const { dir, remove } = makeDataDir()
  writeWorkstream(dir, 'followed', 100)
  const sockets = Math.max(PROCESSES, Math.round(SOCKETS * scale))
  const pushes = Math.max(10, Math.round(PUSHES_PER_SECOND * SECONDS * scale))
  const arawn = await startArawn(dir)
  let bare
  try {
    const answers = join(dir, 'answers.json')
    writeFileSync(answers, JSON.stringify({ event: EVENT, sent: EVENT.message, lineBytes: 1_000 }))
    bare = await startBare(answers, join(dir, 'bare.log'))
    const rounds = await inTurns(ROUNDS, {
      limit: () => receipts(bare.url, sockets, pushes),
      product: () => receipts(arawn.url, sockets, pushes),
    })
    const text = (took) => `p50 ${quantile(took, 0.5).toFixed(0)} ms, p99 ${quantile(took, 0.99).toFixed(0)} ms`
    return [
      {
        name: `${sockets.toLocaleString('en')} sockets, ${PUSHES_PER_SECOND} pushes/s: from sending to each receipt`,
        value: `${text(rounds.product.flat())}; ${Math.round(arawn.rssMb())} MB`,
        limit: text(rounds.limit.flat()),
        goal: 'p99 < 150 ms',
        how: `POST …/push by one client, durable; sockets in ${PROCESSES} other processes on the same cores; limit: Fastify and ws that write and sync as many bytes and send them to every socket; ${ROUNDS} rounds of ${pushes} pushes in turns, all received by all; MB are resident memory of the server afterwards`,
      },
    ]
  } finally {
    await bare?.stop()
    await arawn.stop()
    remove()
  }
}

/** As the product tells of a message, with the same number of bytes. */
const EVENT = {
  id: '1795274890985001/followed/messages/100',
  stamp: 1795274890985001,
  workstream_id: 'followed',
  type: 'message.created',
  message: {
    v: 1,
    stamp: 1795274890985001,
    id: 'msg_01m7zbhqqbedptsj2e1y2jeekd',
    session_id: 'ses_01m7zbhqqbedptsj2e1y2jeekd',
    timestamp: '2026-11-21T15:28:10.985Z',
    role: 'agent_push',
    content,
    author: 'bench',
    sequence: 100,
  },
}

/** @returns milliseconds, one for each push and each socket */
async function receipts(url, sockets, pushes) {
  const script = fileURLToPath(new URL('../support/subscriber-process.mjs', import.meta.url))
  const each = String(sockets / PROCESSES)
  const listeners = Array.from({ length: PROCESSES }, () => fork(script, [url, 'followed', each]))
  try {
    await Promise.all(listeners.map(heardFrom))
    await pushSteadily(url, pushes)
    const reports = listeners.map(heardFrom)
    for (const listener of listeners) listener.send((pushes * sockets) / PROCESSES)
    const took = (await Promise.all(reports)).flat()
    if (took.length !== pushes * sockets) throw new Error(`${took.length} receipts of ${pushes * sockets}`)
    return took
  } finally {
    for (const listener of listeners) listener.kill()
  }
}

/** The next message of a process, which must not end before. */
async function heardFrom(listener) {
  const ended = once(listener, 'exit').then(([code]) => Promise.reject(new Error(`a listener ended with ${code}`)))
  ended.catch(() => {})
  const [message] = await Promise.race([once(listener, 'message'), ended])
  return message
}

async function pushSteadily(url, pushes) {
  const started = performance.now()
  const answers = []
  for (let n = 0; n < pushes; n++) {
    const dueMs = (n * 1_000) / PUSHES_PER_SECOND - (performance.now() - started)
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs))
    const body = JSON.stringify({ content: `at=${process.hrtime.bigint()}; ${content}`, author: 'bench' })
    answers.push(fetch(`${url}/api/v1/workstreams/followed/push`, { method: 'POST', headers: JSON_BODY, body }))
  }
  for (const answer of await Promise.all(answers))
    if (!answer.ok) throw new Error(`a push was answered with ${answer.status}`)
}

const JSON_BODY = { 'content-type': 'application/json' }

/** Minutes of ARAWN_BENCH_SOAK_MINUTES; half a minute otherwise. */
export async function measureSoak({ scale = 1 } = {}) {
  const minutes = Number(process.env.ARAWN_BENCH_SOAK_MINUTES ?? 0.5 * scale)
  const { dir, remove } = makeDataDir()
  writeWorkstream(dir, 'read', 1_000)
  writeWorkstream(dir, 'written', 100)
  const arawn = await startArawn(dir)
  const sampled = []
  const timer = setInterval(() => sampled.push(arawn.rssMb()), Math.max(100, minutes * 100))
  try {
    const load = { connections: 8, seconds: Math.max(2, minutes * 60) }
    const path = (id) => `${arawn.url}/api/v1/workstreams/${id}/messages`
    await Promise.all([
      httpLoad(path('read'), { ...load, overallRate: READS_PER_SECOND }),
      httpLoad(path('written'), {
        ...load,
        overallRate: WRITES_PER_SECOND,
        method: 'POST',
        headers: JSON_BODY,
        body: JSON.stringify({ content }),
      }),
    ])
  } finally {
    clearInterval(timer)
    await arawn.stop()
    remove()
  }
  const quarter = Math.ceil(sampled.length / 4)
  const first = median(sampled.slice(0, quarter))
  const last = median(sampled.slice(-quarter))
  return [
    {
      name: `memory over ${minutes} minutes under load: first quarter, last quarter`,
      value: `${Math.round(first)} MB, ${Math.round(last)} MB`,
      ratio: (last / first).toFixed(2),
      goal: 'flat: <= 1.1 in ten minutes',
      how: `resident memory of the server, medians of a quarter of the time; ${READS_PER_SECOND} pages of 20 messages and ${WRITES_PER_SECOND} durable messages a second; ARAWN_BENCH_SOAK_MINUTES says how long`,
    },
  ]
}

const READS_PER_SECOND = 300
const WRITES_PER_SECOND = 100
