import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

/** Somebody who hears what a server tells. */
export interface Follower {
  /** Events of the logs, as `eventsInLogs` has them. */
  readonly heard: readonly string[]
  /** Resolves when it has heard such an event, now or before. */
  until(type: string): Promise<void>
  /** Resolves when it has heard so many. */
  untilCount(count: number): Promise<void>
}

/** Over server-sent events; resolves when the server has accepted it. */
export async function followEvents(url: string, query: string): Promise<Follower> {
  const { follower, hear } = createFollower()
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const answer = await fetch(`${url}/api/v1/events?${query}`, { signal: stop.signal })
  const read = async () => {
    let rest = ''
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      rest += piece
      const blocks = rest.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) hear(/^data: (.*)$/m.exec(block)?.[1] ?? '{}')
    }
  }
  // The server may be killed.
  read().catch(() => {})
  return follower
}

/** Over a socket; resolves when the server has accepted it. */
export async function followSocket(url: string, query: string): Promise<Follower> {
  const { follower, hear } = createFollower()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?${query}`)
  onTestFinished(() => socket.terminate())
  socket.on('error', () => {})
  socket.on('message', (data) => hear(data.toString()))
  await new Promise((resolve) => socket.once('message', resolve))
  return follower
}

function createFollower(): { follower: Follower; hear: (json: string) => void } {
  const heard: string[] = []
  const types = new Set<string>()
  const waiting = new Set<() => void>()
  const until = (isThere: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isThere()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return {
    follower: {
      heard,
      until: (type) => until(() => types.has(type)),
      untilCount: (count) => until(() => heard.length >= count),
    },
    hear(json) {
      const { id, stamp, workstream_id, type, message } = JSON.parse(json)
      if (id === undefined) return
      heard.push(`${stamp} ${workstream_id} ${type} ${message?.content ?? ''}`)
      types.add(type)
      for (const look of [...waiting]) look()
    },
  }
}
