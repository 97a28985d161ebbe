import type { Embedder, Embedders, EmbedRequest } from '@arawn/core/embedder'
import { WorkstreamError } from '@arawn/core/error'

/** What it makes of a request: a vector for each text, now or later, or what it throws. */
export type EmbedderScript = (request: EmbedRequest) => readonly number[][] | Promise<readonly number[][]>

export interface ScriptedEmbedder extends Embedder {
  /** What it was asked so far, oldest first. */
  readonly requests: readonly EmbedRequest[]
}

/** An embedder in memory that does what a test wants. */
export function createScriptedEmbedder(
  script: EmbedderScript,
  { profile = 'embedder', model = 'script' }: { readonly profile?: string; readonly model?: string } = {},
): ScriptedEmbedder {
  const requests: EmbedRequest[] = []
  return {
    profile,
    model,
    requests,
    embed: async (request) => {
      requests.push(request)
      const made = await script(request)
      return made.map((vector) => Float32Array.from(vector))
    },
  }
}

/**
 * A script for which texts mean the same that have words of the same meanings.
 *
 * @param meanings each a list of words; a text without any of them means something else
 */
export function byMeaning(...meanings: readonly (readonly string[])[]): EmbedderScript {
  return ({ texts }) =>
    texts.map((text) => {
      const has = (words: readonly string[]) => words.some((word) => text.toLowerCase().includes(word))
      const vector = meanings.map((words) => (has(words) ? 1 : 0))
      return [...vector, vector.some((number) => number > 0) ? 0 : 1]
    })
}

/** One embedder, by the name of its profile. */
export function createScriptedEmbedders(embedder: Embedder): Embedders {
  return {
    open: async (name) => {
      if (name.split('/')[0] === embedder.profile) return embedder
      const details = { profile: name, suggestions: [embedder.profile] }
      throw new WorkstreamError('MODEL_PROFILE_UNKNOWN', `there is no embedder ${name}`, details)
    },
  }
}
