import type { Embedder, Embedders } from '@arawn/core/embedder'
import { hasCode } from '@arawn/core/error'
import type { VectorGap } from '@arawn/core/message-vector'
import { embeddedHash } from '@arawn/engine/embedded-text'
import { vectorBytes } from '@arawn/engine/vector-bytes'
import { writeRows } from '../index-care/write-rows.js'
import type { Desk } from '../operations/desk.js'
import { embedTexts } from './embed-texts.js'
import { nextToEmbed } from './next-to-embed.js'
import type { RecallSettings } from './recall-settings.js'
import { untilAborted } from './until-aborted.js'

export interface EmbedDue {
  /** As `embedDue` of the manager. */
  embed(options?: { withinMs?: number; signal?: AbortSignal | undefined }): Promise<number>
  /** Stops; resolves when nothing is written any more. */
  close(): Promise<void>
}

const LOCK_TIMEOUT_MS = 5_000
// A provider that fails is left alone, ever longer.
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 600_000

/**
 * Makes vectors of messages, behind all else:
 *
 *     gaps ──read──► texts ──embedder──► vectors ──write lock──► added … none: done
 *
 * Nothing but the index knows how far it has come, so that any process goes on where another one has stopped.
 */
export function createEmbedDue(
  { log, index, clock, ask }: Desk,
  { settings, embedders }: { settings: RecallSettings; embedders: Embedders },
): EmbedDue {
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let failures = 0
  let pausedUntilMs = Number.NEGATIVE_INFINITY

  /** @returns how many vectors were made; undefined when somebody else was faster */
  async function step(embedder: Embedder, gap: VectorGap, signal: AbortSignal): Promise<number | undefined> {
    const { workstreamId, embedded } = gap
    const { upTo, texts } = await nextToEmbed({ rows: index, log }, gap)
    const vectors = await embedTexts(
      (some) => untilAborted(embedder.embed({ texts: some, kind: 'document', signal }), signal),
      texts.map(({ text }) => text),
    )
    const rows = texts.flatMap(({ position, text }, at) => {
      const vector = vectors[at] === undefined ? undefined : vectorBytes(vectors[at])
      return vector === undefined ? [] : [{ position, hash: embeddedHash(text), vector }]
    })
    signal.throwIfAborted()
    let isAdded = false
    await writeRows({ log, index }, LOCK_TIMEOUT_MS, async (transaction) => {
      isAdded = await transaction.addVectors({ workstreamId, model: nameOf(embedder), embedded, upTo, rows })
    })
    return isAdded ? rows.length : undefined
  }

  async function run(name: string, endMs: number, signal: AbortSignal): Promise<number> {
    const embedder = await embedders.open(name)
    const passed = new Set<string>()
    let made = 0
    while (!signal.aborted && performance.now() < endMs) {
      const gaps = await ask(() => index.vectorGaps(nameOf(embedder), passed.size + 1))
      const gap = gaps.find(({ workstreamId }) => !passed.has(workstreamId))
      if (gap === undefined) break
      try {
        const added = await ask(() => step(embedder, gap, signal))
        if (added === undefined) passed.add(gap.workstreamId)
        made += added ?? 0
      } catch (error) {
        // It fails whoever asks for it, and nobody else.
        if (!hasCode(error, 'LOG_READ_FAILED')) throw error
        passed.add(gap.workstreamId)
      }
    }
    return made
  }

  async function unlessPaused(name: string, endMs: number, signal: AbortSignal): Promise<number> {
    if (clock.nowMs() < pausedUntilMs) return 0
    try {
      const made = await run(name, endMs, signal)
      failures = 0
      return made
    } catch (error) {
      if (signal.aborted) return 0
      pausedUntilMs = clock.nowMs() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++)
      throw error
    }
  }

  return {
    embed: async ({ withinMs = Number.POSITIVE_INFINITY, signal } = {}) => {
      const { embeddingModel } = settings
      if (embeddingModel === null) return 0
      const endMs = performance.now() + withinMs
      const any = AbortSignal.any([closing.signal, ...(signal === undefined ? [] : [signal])])
      const result = last.then(() => unlessPaused(embeddingModel, endMs, any))
      last = result.catch(() => {})
      return result
    },
    close: async () => {
      closing.abort()
      await last
    },
  }
}

function nameOf({ profile, model }: Embedder): string {
  return `${profile}/${model}`
}
