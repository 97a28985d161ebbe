import type { Worker } from 'node:worker_threads'
import { errnoOf } from '@arawn/core/error'
import type { Logger } from '@arawn/core/logger'
import type { TextAnalyzer } from '@arawn/core/text-analyzer'
import { type PackedTokens, packTokens } from './packed-tokens.js'

/**
 * Analyses texts: at first in this thread, and when there are many, in one that it starts. Tokens are the same in both; a
 * thread that cannot be started, or fails, is not missed but for the time.
 */
export interface Analysis {
  /** Tokens come in the order in which they were asked for. */
  tokensOf(texts: readonly string[]): Promise<PackedTokens>
  /** Nobody asks, or waits for an answer, any more. */
  end(): Promise<void>
}

interface Asked {
  readonly texts: readonly string[]
  readonly answer: (tokens: PackedTokens) => void
}

export interface AnalysisParts {
  readonly analyzer: TextAnalyzer
  readonly logger: Logger
  /** What the other thread runs; undefined when there is to be none. */
  readonly workerFile: URL | undefined
}

export function createAnalysis(
  { analyzer, logger, workerFile }: AnalysisParts,
  { worthAThread = WORTH_A_THREAD } = {},
): Analysis {
  let worker: Worker | undefined
  let starting: Promise<void> | undefined
  let hopeless = false
  let length = 0
  let asked: Asked[] = []

  async function start(file: URL): Promise<void> {
    try {
      // Most commands build no index, and start sooner without it.
      const threads = await import('node:worker_threads')
      if (hopeless) return
      const started = new threads.Worker(file, { workerData: analyzer.version, execArgv: [] })
      started.on('message', (tokens: PackedTokens) => asked.shift()?.answer(tokens))
      started.on('error', giveUp)
      started.on('messageerror', giveUp)
      started.on('exit', () => giveUp(undefined))
      worker = started
    } catch (error) {
      giveUp(error)
    }
  }

  function giveUp(error: unknown): void {
    if (hopeless) return
    hopeless = true
    logger.warn('texts are analysed in one thread only', { errno: errnoOf(error) })
    void stop()
    const left = asked
    asked = []
    for (const { texts, answer } of left) answer(packTokens(analyzer, texts))
  }

  async function stop(): Promise<void> {
    const ending = worker
    worker = undefined
    ending?.removeAllListeners()
    // What happens to it now concerns nobody.
    ending?.on('error', () => {})
    await ending?.terminate()
  }

  return {
    tokensOf: async (texts) => {
      if (workerFile !== undefined && length >= worthAThread) {
        starting ??= start(workerFile)
        await starting
      }
      for (const text of texts) length += text.length
      const thread = worker
      if (thread === undefined) return packTokens(analyzer, texts)
      return new Promise((answer) => {
        asked.push({ texts, answer })
        thread.postMessage(texts)
      })
    },
    end: async () => {
      hopeless = true
      asked = []
      await stop()
    },
  }
}

/** A thread takes about as long to start, and to know the most common words, as this takes here. */
const WORTH_A_THREAD = 8 * 1024 * 1024
