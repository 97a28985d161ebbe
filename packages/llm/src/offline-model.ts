import { setImmediate as nextTurn } from 'node:timers/promises'
import { WorkstreamError } from '@arawn/core/error'
import type { LanguageModel, ModelEvent, ModelRequest, Passage } from '@arawn/core/language-model'
import { offlineAnswer } from './offline/offline-answer.js'
import { createTokenCounter } from './token-counters.js'

// It reads nothing but the last message, so anything fits.
const WINDOW_TOKENS = 1_000_000

/** No language model: looks up what was said before, and cites it. Without network, and the same each time. */
export function createOfflineModel(profile = 'offline'): LanguageModel {
  const stopped = () => new WorkstreamError('MODEL_ABORTED', `${profile}: the call was stopped`, { profile })

  async function* stream({ messages, lookUp, signal }: ModelRequest): AsyncGenerator<ModelEvent> {
    const goOn = () => {
      if (signal?.aborted === true) throw stopped()
    }
    goOn()
    const question = messages.findLast((message) => message.role === 'user')?.content ?? ''
    const passages = lookUp === undefined ? [] : await untilAborted(lookUp(question), signal, stopped)
    for (const text of piecesOf(offlineAnswer(question, passages))) {
      // As with any model, whoever reads may stop it in the middle.
      await nextTurn()
      goOn()
      yield { type: 'text', text }
    }
    yield { type: 'end', reason: 'stop', usage: {} }
  }

  return {
    profile,
    model: 'offline',
    windowTokens: WINDOW_TOKENS,
    maxOutputTokens: 4_096,
    counter: createTokenCounter('estimate'),
    costOf: () => null,
    stream,
  }
}

function piecesOf(answer: string): string[] {
  return answer.match(/(\S+\s*){1,6}/g) ?? [answer]
}

async function untilAborted(
  work: Promise<readonly Passage[]>,
  signal: AbortSignal | undefined,
  stopped: () => Error,
): Promise<readonly Passage[]> {
  if (signal === undefined) return work
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(stopped())
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
