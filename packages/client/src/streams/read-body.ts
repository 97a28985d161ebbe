import type { OpenAnswer } from '../http/connection.js'
import { problemOf } from '../http/connection.js'
import { unreachable } from '../http/read-error.js'

/** The bytes of an answer as they come. Whoever stops early gives the connection back. @throws SERVER_UNREACHABLE it was cut */
export async function* readBytes({ body, leave, url }: OpenAnswer): AsyncGenerator<Uint8Array, void> {
  const reader = body?.getReader()
  try {
    for (;;) {
      const next = await reader?.read().catch((error: unknown) => {
        throw unreachable(url, problemOf(error), error)
      })
      if (next === undefined || next.done) return
      yield next.value
    }
  } finally {
    leave()
  }
}

export async function* readText(answer: OpenAnswer): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  for await (const bytes of readBytes(answer)) {
    const text = decoder.decode(bytes, { stream: true })
    if (text !== '') yield text
  }
}

/** Without their line ends. */
export async function* readLines(answer: OpenAnswer): AsyncGenerator<string, void> {
  let rest = ''
  for await (const text of readText(answer)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
