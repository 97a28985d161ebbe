import { WorkstreamError } from '@arawn/core/error'
import type { Turn } from '@arawn/core/turn'
import type { TurnEvent } from '@arawn/core/turn-event'
import type { ChatTurn } from '@arawn/core/turn-operations'
import type { TurnStreamEvent } from '@arawn/core/wire-event'
import type { OpenAnswer } from '../http/connection.js'
import { pause } from '../http/pause.js'
import { unreachable } from '../http/read-error.js'
import { backoffMs, isPassing } from '../http/retry-policy.js'
import { type ServerEvent, serverEvents } from './server-events.js'
import { createTurnRecord } from './turn-record.js'

export type TurnPlace = Pick<ChatTurn, 'workstream_id' | 'session_id' | 'interaction_id' | 'message'>

export interface TurnWays {
  /** Tells it from its beginning. */
  readonly reopen: (place: TurnPlace) => Promise<OpenAnswer>
  readonly cancel: (place: TurnPlace) => void
  /** Out of reach for longer than this its readers are told. */
  readonly patienceMs: number
  readonly closing: AbortSignal
  readonly random: () => number
}

/** A turn of a server. It is listened to from its first reader on, or at once over a connection that is there already. */
export function remoteTurn(place: TurnPlace, ways: TurnWays, begun?: AsyncGenerator<ServerEvent, void>): ChatTurn {
  const record = createTurnRecord()
  let listening: Promise<Turn> | undefined
  const listen = () => {
    listening ??= toItsEnd()
    // Whoever reads its events is told as well.
    listening.catch(() => {})
    return listening
  }

  async function toItsEnd(): Promise<Turn> {
    try {
      const turn = await hear()
      record.end()
      return turn
    } catch (error) {
      record.end(error)
      throw error
    }
  }

  async function hear(): Promise<Turn> {
    const { patienceMs, closing, random, reopen } = ways
    let next = begun
    let failures = 0
    let lastHeardMs = Date.now()
    for (;;) {
      if (closing.aborted) throw new WorkstreamError('CLOSED', 'the client was closed', { what: 'client' })
      try {
        const tell = record.listen()
        // That was taken off the connection to learn where it is.
        if (next !== undefined) tell(startOf(place))
        const connection: AsyncGenerator<ServerEvent, void> = next ?? serverEvents(await reopen(place))
        next = undefined
        for await (const { data } of connection) {
          failures = 0
          lastHeardMs = Date.now()
          const event = turnEvent(data as TurnStreamEvent)
          tell(event)
          if ('turn' in event) return event.turn
        }
        // It runs in another process, or this server stops: what is new is asked for again.
        lastHeardMs = Date.now()
      } catch (error) {
        if (closing.aborted) continue
        if (!(error instanceof WorkstreamError) || !isPassing(error)) throw error
        if (Date.now() - lastHeardMs > patienceMs) throw error
        next = undefined
      }
      await pause(backoffMs(++failures, random), AbortSignal.any([closing]))
    }
  }

  return {
    ...place,
    events: (signal) => {
      listen()
      return record.read(signal)
    },
    get ended() {
      return listen()
    },
    cancel: () => ways.cancel(place),
  }
}

/** The first event says which turn it is. @throws SERVER_UNREACHABLE the connection was cut before */
export async function placeOf(events: AsyncGenerator<ServerEvent, void>, url: string): Promise<TurnPlace> {
  const first = await events.next()
  const event = first.done === true ? undefined : (first.value.data as TurnStreamEvent)
  if (event?.type !== 'turn.started') throw unreachable(url, 'it did not say which turn has begun')
  const { workstream_id, interaction_id, message } = event
  return { workstream_id, session_id: message.session_id, interaction_id, message }
}

function startOf({ interaction_id, message }: TurnPlace): TurnEvent {
  return { type: 'turn.started', interaction_id, message }
}

function turnEvent(event: TurnStreamEvent): TurnEvent {
  if (event.type !== 'turn.started') return event
  const { workstream_id: _, ...started } = event
  return started
}
