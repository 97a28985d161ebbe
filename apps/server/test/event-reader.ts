import { API_PREFIX } from '@arawn/core/protocol'
import { onTestFinished } from 'vitest'

export interface ReadEvent {
  readonly id: string | undefined
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly data: any
}

/** Reads server-sent events off a socket, as a browser would. */
export async function* readEvents(
  url: string,
  path: string,
  { headers = {}, body, signal }: { headers?: Record<string, string>; body?: unknown; signal?: AbortSignal } = {},
): AsyncGenerator<ReadEvent> {
  const left = new AbortController()
  onTestFinished(() => left.abort())
  signal?.addEventListener('abort', () => left.abort())
  const answer = await fetch(`${url}${API_PREFIX}/${path}`, {
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    signal: left.signal,
  })
  if (answer.status !== 200 || answer.body === null) throw new Error(`${answer.status} ${await answer.text()}`)
  let rest = ''
  try {
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      rest += chunk
      const blocks = rest.split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = eventOf(block)
        if (event !== undefined) yield event
      }
    }
  } finally {
    left.abort()
  }
}

function eventOf(block: string): ReadEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  const data = fields.get('data')
  return data === undefined
    ? undefined
    : { id: fields.get('id'), type: fields.get('event') ?? '', data: JSON.parse(data) }
}
