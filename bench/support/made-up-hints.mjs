// Hints for recall that no model has made.
import { silentModels } from './silent-models.mjs'

const NUMBERS = 256

/** @param termsOf what is answered to a question */
export function madeUpModels(counter, termsOf) {
  const silent = silentModels(counter)
  const open = async (name) => {
    const model = await silent.models.open(name)
    async function* stream({ messages }) {
      const question = messages[0].content.split('\n')[1]
      yield { type: 'text', text: termsOf(question).join('\n') }
      yield { type: 'end', reason: 'stop', usage: {} }
    }
    return { ...model, stream }
  }
  return { ...silent, models: { ...silent.models, open } }
}

/**
 * An embedder that knows a text by its words, and puts every second text of the evidence of a question right beside it.
 *
 * @param evidence texts by question
 */
export function madeUpEmbedders(counter, evidence) {
  const embed = async ({ texts, kind }) =>
    texts.map((text) => {
      const vector = ofWords(text)
      const known = kind === 'query' ? (evidence.get(text) ?? []).filter((one) => hashed(one) % 2 === 0) : []
      for (const one of known) for (const [at, number] of ofWords(one).entries()) vector[at] += number
      return vector
    })
  const embedder = { profile: 'made-up', model: 'made-up', embed }
  return { ...silentModels(counter), embedders: { open: async () => embedder } }
}

/** Each word has a place of its own; common short ones count little. */
function ofWords(text) {
  const vector = new Float32Array(NUMBERS)
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    vector[hashed(word) % NUMBERS] += Math.min(1, word.length / 8)
  return vector
}

/** Numbers that depend on the text and nothing else. */
export function plausibleVector(text, numbers) {
  let state = hashed(text) || 1
  return Float32Array.from({ length: numbers }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 31 - 1
  })
}

export function hashed(text) {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
