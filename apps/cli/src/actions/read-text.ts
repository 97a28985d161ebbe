import { MAX_LINE_BYTES } from '@arawn/core/log-store'
import { badOption } from '../commands/options.js'
import { untilInterrupted } from '../interruption.js'
import type { World } from '../world.js'

/**
 * What was said: the argument, or standard input when it is `-` or when it is missing and something is piped in.
 * One line end at the very end is left out: most programs write one that nobody means.
 */
export async function readText({ stdin, interrupted }: World, text: string | undefined): Promise<string> {
  if (text !== undefined && text !== '-') return text
  if (text === undefined && stdin.isTerminal) throw badOption('text', 'is missing; give one or pipe it in')
  return untilInterrupted(interrupted, readAll(stdin.chunks()))
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    read.push(chunk)
    bytes += chunk.byteLength
    // The store says it exactly; this keeps an endless input from filling the memory.
    if (bytes > MAX_LINE_BYTES) throw badOption('text', `is too long; the limit is ${MAX_LINE_BYTES} bytes a message`)
  }
  try {
    // What cannot be written down as it was said is refused, never changed in silence.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(read)).replace(/\r?\n$/, '')
  } catch {
    throw badOption('text', 'on standard input is not UTF-8')
  }
}
