import { createHash } from 'node:crypto'
import type { Embedders } from '@arawn/core/embedder'
import { WorkstreamError } from '@arawn/core/error'
import type { LanguageModels } from '@arawn/core/language-model'
import type { Logger } from '@arawn/core/logger'
import { EXPANSION_VERSION, expandQuestion, normalQuestion } from '@arawn/engine/expand-question'
import type { QuestionHints } from '@arawn/engine/recall-with-hints'
import { vectorBytes } from '@arawn/engine/vector-bytes'
import type { QuestionNotes } from './question-notes.js'
import type { RecallSettings } from './recall-settings.js'
import { withPatience } from './with-patience.js'

/** What models make of a question, in time; the same each time it is asked. */
export type HintsOf = (question: string) => Promise<QuestionHints>

export interface HintParts {
  readonly settings: RecallSettings
  readonly models: LanguageModels
  readonly embedders: Embedders
  readonly notes: QuestionNotes
  readonly logger: Logger
}

/**
 * For one turn. A model that is late, fails or says nothing of use is as none. What comes too late for the turn is kept for
 * the next one: within a turn nothing changes.
 *
 * @param signal whoever aborts it waits no longer
 */
export type HintsForTurn = (signal?: AbortSignal) => HintsOf

export function createHintsForTurn({ settings, models, embedders, notes, logger }: HintParts): HintsForTurn {
  const { expansionModel, embeddingModel, timeoutMs } = settings

  async function termsOf(question: string): Promise<readonly string[] | undefined> {
    if (expansionModel === null) return undefined
    const model = await models.open(expansionModel)
    const key = keyOf('expansion', EXPANSION_VERSION, `${model.profile}/${model.model}`, question)
    const note = await notes.noteOf(key, async (signal) => {
      const terms = await expandQuestion(model, question, signal)
      return terms.length === 0 ? undefined : Buffer.from(JSON.stringify(terms))
    })
    return note === undefined ? undefined : JSON.parse(Buffer.from(note).toString())
  }

  async function vectorOf(question: string): Promise<QuestionHints['vector']> {
    if (embeddingModel === null) return undefined
    const embedder = await embedders.open(embeddingModel)
    const model = `${embedder.profile}/${embedder.model}`
    const bytes = await notes.noteOf(keyOf('vector', VECTOR_VERSION, model, question), async (signal) => {
      const [vector] = await embedder.embed({ texts: [question], kind: 'query', signal })
      return vector === undefined ? undefined : vectorBytes(vector)
    })
    return bytes === undefined ? undefined : { model, bytes }
  }

  async function hints(text: string, signal: AbortSignal | undefined): Promise<QuestionHints> {
    const question = normalQuestion(text)
    if (question === '') return {}
    const inTime = <Answer>(work: Promise<Answer>) => withPatience(work.catch(without), timeoutMs, signal)
    const [terms, vector] = await Promise.all([inTime(termsOf(question)), inTime(vectorOf(question))])
    return { terms, vector }
  }

  /** Whatever it is, nobody fails for want of a hint. */
  function without(error: unknown): undefined {
    logger.warn('a model for recall cannot be used', {
      code: error instanceof WorkstreamError ? error.code : 'INTERNAL',
    })
  }

  return (signal) => {
    const known = new Map<string, Promise<QuestionHints>>()
    return (text) => {
      const found = known.get(text) ?? hints(text, signal)
      known.set(text, found)
      return found
    }
  }
}

// Of how the bytes are written.
const VECTOR_VERSION = 1

function keyOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
