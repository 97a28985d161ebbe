/**
 * Bytes in a form in which `fetch` sends them: as they come where the platform can do so, which is Node and some browsers,
 * else all of them at once.
 */
export async function uploadOf(
  bytes: AsyncIterable<Uint8Array>,
): Promise<ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>> {
  if (canStream()) return streamOf(bytes)
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of bytes) pieces.push(new Uint8Array(piece))
  return new Uint8Array(await new Blob(pieces).arrayBuffer())
}

function streamOf(bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

/** A browser that cannot makes text of the stream, and says so in the type. */
function canStream(): boolean {
  try {
    const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' }
    return !new Request('http://localhost', init as RequestInit).headers.has('content-type')
  } catch {
    return false
  }
}
