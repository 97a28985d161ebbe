/** Which models help to find old messages. */
export interface RecallSettings {
  /** A profile, or `profile/model`; null: none adds words to a question. */
  readonly expansionModel: string | null
  /** The same for an embedder; null: messages get no vectors. */
  readonly embeddingModel: string | null
  /** How long a turn waits for what models make of its question. */
  readonly timeoutMs: number
}

export const defaultRecall: RecallSettings = { expansionModel: null, embeddingModel: null, timeoutMs: 1_500 }
