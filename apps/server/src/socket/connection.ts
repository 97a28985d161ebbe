import type { Writable } from 'node:stream'
import { WorkstreamError } from '@arawn/core/error'
import type { Logger } from '@arawn/core/logger'
import type { ServerMessage } from '@arawn/core/socket-message'
import type { ChatTurn } from '@arawn/core/turn-operations'
import type { WorkstreamManager } from '@arawn/core/workstream-manager'
import type { RawData, WebSocket } from 'ws'
import { errorAnswer } from '../calls/answer-error.js'
import { knownFailure } from '../calls/known-failure.js'
import type { Feed } from '../feed/feed.js'
import type { LiveTails } from '../feed/live-tail.js'
import { createFollowings } from './followings.js'
import { createOutbox } from './outbox.js'
import { type Read, readMessage } from './read-message.js'
import { callFor } from './socket-calls.js'

export interface ConnectionParts {
  readonly manager: WorkstreamManager
  readonly feed: Feed
  readonly tails: LiveTails
  readonly logger: Logger
  /** That the socket lies on. */
  readonly connection: Writable
  /** Names the connection where a client has named nothing. */
  readonly id: string
  /** Whether it was said who asks. */
  readonly isKnown: boolean
  readonly isToken: (token: string) => boolean
  /** What is followed from the beginning on. */
  readonly first: { readonly workstream?: string | undefined; readonly since?: string | undefined }
  /** @throws RATE_LIMITED */
  readonly countMessage: () => Promise<void>
}

export interface Connection {
  readonly socket: WebSocket
  /** Whether the peer gave a sign of life since this was asked last. */
  wasAlive(): boolean
  /** What the peer has not taken yet and is kept for it. */
  waitingBytes(): number
}

const AUTHENTICATE_MS = 5_000
/** Messages of one client that are worked on at a time; the next ones are not read before. */
const MOST_UNDER_WAY = 64
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const POLICY_VIOLATION = 1008

/** One client on its socket, from the first message to the last. Leaving ends what it follows, never a turn. */
export function openConnection(socket: WebSocket, parts: ConnectionParts): Connection {
  const { manager, logger } = parts
  const left = new AbortController()
  const outbox = createOutbox(socket, parts.connection, goOn)
  const followings = createFollowings({ ...parts, outbox }, (error) => refuse(error, undefined))
  let isKnown = parts.isKnown
  let underWay = 0
  let lastLeft = 0
  let heard = true
  const patience = isKnown ? undefined : setTimeout(() => close('say who you are'), AUTHENTICATE_MS)

  function say(message: ServerMessage): void {
    outbox.send(JSON.stringify(message))
  }

  function refuse(error: unknown, requestId: string | undefined): void {
    const failure = knownFailure(error)
    if (failure.code === 'INTERNAL') logger.warn('a message over a socket failed', { error: String(error) })
    const answer = errorAnswer(failure, requestId ?? parts.id)
    say({ type: 'error', ...(requestId !== undefined && { request_id: requestId }), ...answer })
  }

  function close(reason: string): void {
    socket.close(POLICY_VIOLATION, reason)
  }

  /** Reads no more than it can answer. */
  function goOn(): void {
    if (underWay < MOST_UNDER_WAY && !outbox.isFull()) socket.resume()
    else socket.pause()
  }

  async function answer({ message, requestId }: Read): Promise<void> {
    if (message instanceof WorkstreamError) throw message
    const named = requestId === undefined ? {} : { request_id: requestId }
    if (message.type === 'authenticate') {
      authenticate(message.token)
      say({ type: 'accepted', ...named, what: 'authenticate' })
      return follow()
    }
    if (!isKnown) throw wantsToken()
    if (message.type === 'ping') return say({ type: 'pong', ...named })
    const { accepted, behind } = await callFor(message, { manager, followings })
    say({ type: 'accepted', ...named, ...accepted })
    behind?.((turn) => void tellTurn(turn, requestId ?? parts.id))
  }

  function authenticate(token: string): void {
    if (!parts.isToken(token)) throw wantsToken()
    isKnown = true
    clearTimeout(patience)
  }

  function follow(): Promise<void> {
    const message = { type: 'subscribe', replace: false, ...parts.first } as const
    return answer({ message, requestId: undefined })
  }

  async function tellTurn(turn: ChatTurn, requestId: string): Promise<void> {
    const { workstream_id } = turn
    for await (const event of turn.events(left.signal)) {
      if (outbox.isFull()) await outbox.room()
      outbox.send(JSON.stringify({ ...event, workstream_id, request_id: requestId }))
    }
  }

  async function take(text: string | undefined): Promise<void> {
    const read = readMessage(text)
    underWay += 1
    goOn()
    try {
      await parts.countMessage()
      await answer(read)
    } catch (error) {
      refuse(error, read.requestId)
      if (!isKnown) close('say who you are')
    }
    underWay -= 1
    goOn()
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    heard = true
    void take(isBinary ? undefined : data.toString())
  })
  socket.on('pong', () => (heard = true))
  socket.once('close', () => {
    clearTimeout(patience)
    left.abort()
    followings.end()
  })
  if (isKnown) follow().catch((error: unknown) => refuse(error, undefined))

  return {
    socket,
    waitingBytes: outbox.waitingBytes,
    wasAlive() {
      const isAlive = heard || outbox.left() > lastLeft
      heard = false
      lastLeft = outbox.left()
      return isAlive
    },
  }
}

function wantsToken(): WorkstreamError<'UNAUTHORIZED'> {
  return new WorkstreamError('UNAUTHORIZED', 'this server wants a token first', { scheme: 'Bearer' })
}
