import type { WebSocket } from 'ws'

/** What goes out through one socket, in order. It holds little: whoever has more to tell asks for room before. */
export interface Outbox {
  /** Puts it in line; for a peer that has gone it is lost. */
  send(message: string | Buffer): void
  /** Resolves when what waits has become little, or nothing more will go out. */
  room(): Promise<void>
  isFull(): boolean
  waitingBytes(): number
  /** How many messages have left so far: a peer that takes some is alive. */
  left(): number
}

/** Of what waits in this process; the system's own buffers come on top. */
const FULL_BYTES = 256 * 1_024
const ROOM_BYTES = FULL_BYTES / 4

export function createOutbox(socket: WebSocket, onRoom: () => void): Outbox {
  let waitingBytes = 0
  let left = 0
  let wakes: (() => void)[] = []

  function gone(bytes: number): void {
    waitingBytes -= bytes
    left += 1
    if (waitingBytes <= ROOM_BYTES) wakeAll()
  }

  function wakeAll(): void {
    const woken = wakes
    wakes = []
    for (const wake of woken) wake()
    onRoom()
  }

  socket.once('close', wakeAll)

  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      const bytes = message.length
      waitingBytes += bytes
      socket.send(message, { binary: false }, () => gone(bytes))
    },
    room() {
      if (waitingBytes < FULL_BYTES || socket.readyState !== socket.OPEN) return Promise.resolve()
      return new Promise((resolve) => wakes.push(resolve))
    },
    waitingBytes: () => waitingBytes,
    isFull: () => waitingBytes >= FULL_BYTES,
    left: () => left,
  }
}
