import { WorkstreamError } from '@arawn/core/error'
import { stoppable } from '@arawn/core/stoppable'
import { type DurableEvent, type FeedEvent, isDurable } from '@arawn/core/wire-event'
import type { WorkstreamEvent } from '@arawn/core/workstream-event'
import type { SubscribeInput, WorkstreamManager } from '@arawn/core/workstream-manager'
import type { Calls } from '../http/calls.js'
import type { OpenAnswer } from '../http/connection.js'
import { pause } from '../http/pause.js'
import { backoffMs, isPassing } from '../http/retry-policy.js'
import { serverEvents } from './server-events.js'

// A connection that lasted so long was a good one: the next is made soon.
const STEADY_MS = 2_000

interface Ways {
  readonly closing: AbortSignal
  readonly random: () => number
}

/**
 * Follows what happens over as many connections as it takes:
 *
 *     connect behind the last event ──► hand its events over ──► the connection is cut, the server ends or is killed
 *           ▲                                                                    │
 *           └──────────────────────── wait, longer each time ◄───────────────────┘
 *
 * The server goes on behind the id that it is given, out of its logs: nothing is missed and nothing comes twice.
 */
export function createSubscribe({ open }: Calls, { closing, random }: Ways): WorkstreamManager['subscribe'] {
  function connect(
    { workstream }: SubscribeInput,
    since: string | undefined,
    signal: AbortSignal,
  ): Promise<OpenAnswer> {
    const query = { since }
    const options = { accept: 'text/event-stream', signal }
    if (workstream === undefined) return open('follow', { query }, options)
    return open('followWorkstream', { params: { ref: workstream }, query }, options)
  }

  async function* follow(
    input: SubscribeInput,
    first: Promise<OpenAnswer>,
    ending: AbortSignal,
  ): AsyncGenerator<WorkstreamEvent, void> {
    let last = input.since === undefined ? undefined : String(input.since)
    let next: Promise<OpenAnswer> | undefined = first
    let failures = 0
    while (!ending.aborted) {
      const begunMs = Date.now()
      try {
        const answer: OpenAnswer = await (next ?? connect(input, last, ending))
        // Who began now and heard nothing yet goes on from when that was.
        last ??= beginning(answer.headers)
        next = undefined
        for await (const { id, data } of serverEvents(answer)) {
          const event = data as FeedEvent
          if (!isDurable(event)) continue
          yield workstreamEvent(event)
          // What was not taken comes again.
          last = id ?? last
        }
      } catch (error) {
        if (ending.aborted) return
        // Whether there is a server at all is told at once; `open` has tried more than once.
        if (next !== undefined || !(error instanceof WorkstreamError) || !isPassing(error)) throw error
      }
      if (Date.now() - begunMs > STEADY_MS) failures = 0
      await pause(backoffMs(++failures, random), ending)
    }
  }

  return (input = {}) => {
    const end = new AbortController()
    const ending = AbortSignal.any([end.signal, closing, ...(input.signal === undefined ? [] : [input.signal])])
    const first = connect(input, input.since === undefined ? undefined : String(input.since), ending)
    // Nobody may ever ask for an event.
    first.catch(() => {})
    return stoppable(follow(input, first, ending), end)
  }
}

function workstreamEvent({ id, ...event }: DurableEvent): WorkstreamEvent {
  return { cursor: id, ...event } as unknown as WorkstreamEvent
}

/** The second in which the server has begun to answer, as a stamp. A page of another origin goes by its own clock. */
function beginning(headers: Headers): string {
  const said = Date.parse(headers.get('date') ?? '')
  return String((Number.isNaN(said) ? Date.now() - 1_000 : said) * 1_000)
}
