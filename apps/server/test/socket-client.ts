import { SOCKET_PATH } from '@arawn/core/socket-message'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
export type Said = any

export interface SocketClient {
  readonly socket: WebSocket
  /** All that came, in order. */
  readonly heard: readonly Said[]
  say(message: unknown): void
  /** The next message that came and was not taken yet. */
  next(): Promise<Said>
  /** Takes messages up to the first of which this is true. */
  until(isLast: (message: Said) => boolean): Promise<Said[]>
  /** Says something and takes messages up to the answer. */
  ask(message: { type: string; [field: string]: unknown }): Promise<Said>
  readonly closed: Promise<{ code: number; reason: string }>
}

/** Opens a socket as a program would; a text is sent as it is. */
export async function openSocket(
  url: string,
  query = '',
  {
    headers = {},
    protocols = [],
    ...options
  }: { headers?: Record<string, string>; protocols?: string[] } & Pick<ClientOptions, 'autoPong'> = {},
): Promise<SocketClient> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${SOCKET_PATH}${query}`, protocols, { headers, ...options })
  onTestFinished(() => socket.terminate())
  const heard: Said[] = []
  let taken = 0
  let requests = 0
  let wake = () => {}
  socket.on('message', (data) => {
    heard.push(JSON.parse(data.toString()))
    wake()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
      wake()
    }),
  )
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})

  const client: SocketClient = {
    socket,
    heard,
    closed,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next() {
      while (taken >= heard.length) {
        if (socket.readyState === WebSocket.CLOSED) throw new Error(`closed behind ${JSON.stringify(heard.at(-1))}`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return heard[taken++]
    },
    async until(isLast) {
      const all: Said[] = []
      do all.push(await client.next())
      while (!isLast(all.at(-1)))
      return all
    },
    async ask(message) {
      const request_id = `r${++requests}`
      client.say({ request_id, ...message })
      return (await client.until((said) => said.request_id === request_id)).at(-1)
    },
  }
  return client
}
