/** What makes vectors of texts: those of texts that mean the same lie near each other. */
export interface Embedder {
  /** Name of its profile in the settings. */
  readonly profile: string
  /** What the provider calls it. */
  readonly model: string
  /**
   * Calls are made once more where that is safe and promises something, as those of a language model are.
   *
   * @returns a vector for each text, in their order; all of one embedder have the same length
   * @throws MODEL_OVERFLOW | MODEL_RATE_LIMITED | MODEL_AUTH | MODEL_NOT_FOUND | MODEL_REFUSED | MODEL_UNREACHABLE |
   *   MODEL_FAILED | MODEL_ABORTED on `signal`
   */
  embed(request: EmbedRequest): Promise<readonly Float32Array[]>
}

export interface EmbedRequest {
  /** None is empty. */
  readonly texts: readonly string[]
  /** Some embedders tell what is looked for from what is found. */
  readonly kind: 'query' | 'document'
  readonly signal?: AbortSignal | undefined
}

export interface Embedders {
  /**
   * @param name a profile, or `profile/model`
   * @throws MODEL_PROFILE_UNKNOWN | MODEL_KEY_MISSING | MODEL_REFUSED its provider has none
   */
  open(name: string): Promise<Embedder>
}
