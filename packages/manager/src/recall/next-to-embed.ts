import type { LogStore } from '@arawn/core/log-store'
import type { VectorGap } from '@arawn/core/message-vector'
import type { IndexReader, MessagePosition } from '@arawn/core/workstream-index'
import { embeddedText } from '@arawn/engine/embedded-text'
import { readLogged } from '../reading/read-messages.js'

// Providers take more; smaller steps lose less when one fails.
const STEP_TEXTS = 64
const STEP_MESSAGES = 256
const STEP_BYTES = 1024 * 1024

export interface NextToEmbed {
  /** Behind this step. */
  readonly upTo: number
  readonly texts: readonly { readonly position: MessagePosition; readonly text: string }[]
}

/** Reads the next messages of a workstream that have no vectors. @throws LOG_READ_FAILED */
export async function nextToEmbed(
  { rows, log }: { rows: IndexReader; log: LogStore },
  { workstreamId, embedded, applied }: VectorGap,
): Promise<NextToEmbed> {
  const page = await rows.messages({ workstreamId, after: embedded, limit: STEP_MESSAGES })
  const positions: MessagePosition[] = []
  let bytes = 0
  for (const position of page.items) {
    if (position.sequence > applied || (positions.length > 0 && bytes + position.length > STEP_BYTES)) break
    positions.push(position)
    bytes += position.length
  }
  const logged = await readLogged(log, workstreamId, positions)
  const texts: { position: MessagePosition; text: string }[] = []
  for (const [at, position] of positions.entries()) {
    const message = logged[at]
    const text = message === undefined ? undefined : embeddedText(message)
    if (text === undefined) continue
    if (texts.length === STEP_TEXTS) return { upTo: position.sequence - 1, texts }
    texts.push({ position, text })
  }
  const next = page.items[positions.length]
  const isLast = next === undefined ? !page.hasMore : next.sequence > applied
  return { upTo: isLast ? applied : (positions.at(-1)?.sequence ?? embedded), texts }
}
