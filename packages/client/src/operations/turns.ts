import { hasCode, WorkstreamError } from '@arawn/core/error'
import { SCRATCH_ID } from '@arawn/core/id'
import type { ChatInput, ChatTurn, TurnOperations } from '@arawn/core/turn-operations'
import type { Calls } from '../http/calls.js'
import type { Connection } from '../http/connection.js'
import { drawKey } from '../http/draw-key.js'
import { pause } from '../http/pause.js'
import { backoffMs } from '../http/retry-policy.js'
import { placeOf, remoteTurn, type TurnWays } from '../streams/remote-turn.js'
import { serverEvents } from '../streams/server-events.js'

// A client that is closed waits for what it has asked to be stopped, but not for long.
const CANCEL_MS = 3_000

const EVENTS = { accept: 'text/event-stream' }

interface Ways {
  readonly connection: Connection
  readonly patienceMs: number
  readonly retries: number
  readonly random: () => number
}

/** `settled`: nothing is left that was asked for in passing. */
export function turnOperations(
  { call, open }: Calls,
  { connection, patienceMs, retries, random }: Ways,
): TurnOperations & { settled(): Promise<void> } {
  const passing = new Set<Promise<unknown>>()

  const ways: TurnWays = {
    patienceMs,
    closing: connection.closing,
    random,
    reopen: ({ workstream_id, interaction_id }) =>
      open('getTurn', { params: { ref: workstream_id, turn: interaction_id } }, { ...EVENTS, once: true }),
    cancel({ workstream_id, interaction_id }) {
      const params = { ref: workstream_id, turn: interaction_id }
      const asked = call('cancelTurn', { params }, { timeoutMs: CANCEL_MS }).catch(() => {})
      passing.add(asked)
      void asked.then(() => passing.delete(asked))
    },
  }

  /** Asked again with the same key, when the connection was cut before it was told which turn it is, it is the same turn. */
  async function begin(input: Omit<ChatInput, 'tools' | 'signal'>): Promise<ChatTurn> {
    const { workstream = SCRATCH_ID, content, idempotency_key: idempotencyKey = drawKey(), ...said } = input
    const body = { ...said, message: content, workstream_id: workstream, stream: true }
    const timeoutMs = said.if_busy === 'queue' ? null : undefined
    for (let attempt = 1; ; attempt++) {
      const answer = await open('chat', { body }, { ...EVENTS, idempotencyKey, timeoutMs })
      const events = serverEvents(answer)
      try {
        const place = await placeOf(events, connection.url)
        return remoteTurn(place, ways, events)
      } catch (error) {
        await events.return()
        if (!hasCode(error, 'SERVER_UNREACHABLE') || attempt > retries) throw error
        await pause(backoffMs(attempt, random), AbortSignal.any([connection.closing]))
      }
    }
  }

  return {
    chat: async ({ tools = {}, signal, ...input }) => {
      const [name] = Object.keys(tools)
      if (name !== undefined) throw noTools(name)
      if ('messages' in input)
        throw refused('messages', 'a told conversation goes to /v1/chat/completions, not over this client')
      signal?.throwIfAborted()
      const turn = await begin(input)
      if (signal?.aborted === true) turn.cancel()
      else if (signal !== undefined) {
        signal.addEventListener('abort', turn.cancel, { once: true })
        turn.ended.catch(() => {}).then(() => signal.removeEventListener('abort', turn.cancel))
      }
      // It is heard whether anybody listens or not, so that `ended` is known.
      turn.ended.catch(() => {})
      return turn
    },
    getTurn: async (ref, turn) => {
      const events = serverEvents(await open('getTurn', { params: { ref, turn } }, EVENTS))
      return remoteTurn(await placeOf(events, connection.url), ways, events)
    },
    listRunningTurns: async (workstream) => {
      const { data } = await call('listRunningTurns', { query: { workstream } })
      return data.map((place) => remoteTurn(place, ways))
    },
    listFailedTurns: async (ref, { limit } = {}) =>
      (await call('listFailedTurns', { params: { ref }, query: { limit } })).data,
    cancelTurn: async (ref, turn = 'running') => (await call('cancelTurn', { params: { ref, turn } })).cancelled,
    // The server does so by itself.
    endDeadTurns: async () => 0,
    settled: async () => {
      await Promise.all(passing)
    },
  }
}

function noTools(name: string): WorkstreamError<'INVALID_INPUT'> {
  const problem = `"${name}" would have to run in this process, and the turn runs in the server: give tools there`
  return refused('tools', problem)
}

function refused(path: string, problem: string): WorkstreamError<'INVALID_INPUT'> {
  return new WorkstreamError('INVALID_INPUT', `${path}: ${problem}`, { path, problem })
}
